"""What people see: values of `rag` become HTML.

desk.py asks, wiring.py strings it to Gradio; all other rooms only turn values into text
and look nothing up.
"""
