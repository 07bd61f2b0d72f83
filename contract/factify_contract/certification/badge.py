"""The badge beside a certificate: a picture that says its level, for a README."""

from html import escape

from factify_contract.certification.certificate import Certificate

_LABEL = "Factify contract"
# Widths in the font of badges, near enough; the picture stretches its texts to fit.
_PER_CHARACTER = 6.6
_PADDING = 20
_COLORS = {"core": "#0b6e4f", "full": "#1d4ed8"}


def badge(certificate: Certificate) -> str:
    """An SVG that reads `Factify contract | core 1.1.0`, with how much is declared absent if anything is.

    Its title names the target and the day on which the certificate expires.
    """
    absent = len(certificate.terms.absent)
    message = f"{certificate.level} {certificate.document_version}".strip()
    if absent:
        message += f", {absent} absent"
    left, right = _width(_LABEL), _width(message)
    title = f"{_LABEL}: {message}; {certificate.target}, until {certificate.expires[:10]}"
    color = _COLORS[certificate.level]
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="20" role="img" \
aria-label="{escape(title)}">
  <title>{escape(title)}</title>
  <clipPath id="r"><rect width="{left + right}" height="20" rx="3"/></clipPath>
  <g clip-path="url(#r)">
    <rect width="{left}" height="20" fill="#444"/>
    <rect x="{left}" width="{right}" height="20" fill="{color}"/>
  </g>
  <g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
    {_text(_LABEL, left / 2, left)}
    {_text(message, left + right / 2, right)}
  </g>
</svg>
"""


def _width(text: str) -> int:
    return round(len(text) * _PER_CHARACTER) + _PADDING


def _text(text: str, middle: float, width: int) -> str:
    return f'<text x="{middle:g}" y="14" textLength="{width - _PADDING}">{escape(text)}</text>'
