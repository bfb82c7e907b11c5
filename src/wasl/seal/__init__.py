"""Seals: keys behind a Signer, the installation's certificates, detached XAdES-B and QR fields. Floor 0: no Django, no network."""
