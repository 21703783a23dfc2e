"""``OPSCONSOLE["MASK_PATTERNS"]``: how phone numbers are written here, and our own tokens.

A number of ten digits is a phone number only where it is called one, or written as one: bare it
may as well be a call or a count, which people have to read.
"""

# Ten digits, whatever is between them; the last two stay.
REST = r"(?:[ ().-]{0,2}\d){%d}[ .-]?(\d{2})(?![\w:])"
NAMES = (
    r"ani|dnis|tel(?:[eé]fono)?s?\.?|phone(?:_?number)?|cel(?:ular)?|m[oó]vil|whatsapp"
    r"|n[uú]mero que llama|msisdn|caller(?:_?id)?"
)

PATTERNS = (
    # Our own tokens; the prefix finds the client on its page.
    ("iact_", r"(iact_[0-9a-f]{12}_)[\w-]{20,}()"),
    # ani=5512345678, "tel": "55 1234 5678", número que llama: 5512345678
    ("", rf"(?i)((?<![a-z])(?:{NAMES})[\"']?\s*[=:]?\s*[\"'(+]?){REST % 8}"),
    ("", rf"(?i)((?<![a-z])(?:{NAMES})[\"']?\s*[=:]?\s*[\"'(+]?)\d{{9,13}}(\d{{2}})(?!\d)"),
    # 0445512345678, 01 55 1234 5678
    ("", rf"(?<![\w.,:/-])(04[45]|01)[ -]?\(?[2-9]{REST % 7}"),
    # 55 1234 5678, (55) 1234-5678, 555-123-4567
    ("", r"(?<![\w.,:/+-])()\(?[2-9]\d(?:\) ?|[ .-])\d{4}[ .-]?\d{2}(\d{2})(?![\w:/-])"),
    ("", r"(?<![\w.,:/+-])()\(?[2-9]\d{2}(?:\) ?|[ .-])\d{3}[ .-]?\d{2}(\d{2})(?![\w:/-])"),
)
