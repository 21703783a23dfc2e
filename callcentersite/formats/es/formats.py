"""«20 nov 2026, 22:58»: the library's «20 de noviembre de 2026 a las 22:58» fills a list."""

DATE_FORMAT = "j b Y"
DATETIME_FORMAT = "j b Y, H:i"
