"""What people see: values of `rag` become HTML.

service.py asks; layout.py, wiring.py and theme.py string that to Gradio; all other rooms only
turn values into text and look nothing up.
"""
