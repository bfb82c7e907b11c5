"""Saudi Arabia (ZATCA): phase 1 today, that is the profile, the VAT number checks and the content of the QR code."""
