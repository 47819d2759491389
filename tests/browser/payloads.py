"""Text that would act if it were ever taken for markup; each names itself `pwned`."""

from __future__ import annotations

BEACON = "http://beacon.invalid/hit"

PAYLOADS = (
    "<script>window.pwned=1</script>",
    f"<img src={BEACON} class=pwned onerror=window.pwned=1>",
    "<svg class=pwned onload=window.pwned=1></svg>",
    f"<iframe class=pwned src={BEACON}></iframe>",
    f"<video class=pwned src={BEACON} autoplay></video>",
    f"<audio class=pwned src={BEACON} autoplay></audio>",
    f"<object class=pwned data={BEACON}></object>",
    f"<embed class=pwned src={BEACON}>",
    f"<link class=pwned rel=stylesheet href={BEACON}>",
    f"<meta class=pwned http-equiv=refresh content='0;url={BEACON}'>",
    f"<base class=pwned href={BEACON}>",
    f"<div class=pwned style='position:fixed;inset:0;background:url({BEACON})'>FAKE LOGIN</div>",
    "<form class=pwned action=/steal><input type=password class=pwned></form>",
    f"<style>@import url({BEACON});</style>",
    "<a class=pwned href='javascript:window.pwned=1'>click</a>",
    f"![seen]({BEACON})",
    "[click](javascript:window.pwned=1)",
    f"<details class=pwned open ontoggle=window.pwned=1><summary>{BEACON}</summary></details>",
    '" onmouseover="window.pwned=1" class="pwned',
    "' autofocus onfocus='window.pwned=1' class='pwned",
    "</blockquote></div><h1 class=pwned>Breaking</h1>",
    "${window.pwned=1} `${window.pwned=1}`",
    "{{constructor.constructor('window.pwned=1')()}}",
    "&lt;img src=x class=pwned onerror=window.pwned=1&gt;",
    "\u202eesrever\u202c \u2066hidden\u2069 zero\u200bwidth soft\u00adhyphen",
    '<button data-do="download" class=pwned data-turn="1">Export</button>',
)
"""At least the twenty-five that were tried on a page that did not escape."""
