"""Small whole files to start from, one list a reader: every construct that the reader knows, in few bytes."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path

GOLDEN = Path(__file__).resolve().parents[1] / "golden"
NAMES = ("minimal", "every-term", "several-rates", "simplified-sa", "credit-note-by-line", "attachments")

CSV = (
    "رقم الفاتورة,التاريخ,العميل,الصنف,الكمية,سعر الوحدة,الضريبة %,العملة\nف-1,31/12/2026,شركة النور,استشارة,3,1234.50,15%,SAR\nف-1,,,تدريب,1,50,معفى,\n",
    'Invoice No;Date;Customer;Item;Qty;Unit price;VAT %;Total;Currency\nA;14/07/1448;"Noor; Co";"a\nb";٣;1.234,50;15;4.259,03;EUR\nTotal;;;;3;;;4.259,03;\n',
    "sep=|\nBT-1|BT-2|BT-153|BT-129|BT-146|BT-152|BT-5|BT-136|BT-160|BT-161\nA|2026-12-31|x|(5)|€ 12|0.9%|EUR|1|Colour|red\n",
)
MAPPING = (
    'version = 1\nheader_row = 2\ndecimal = ","\ndates = "dmy"\n[columns]\n"Qty" = "BT-129"\n"x" = ""\n[constants]\n"BT-5" = "SAR"\n',
    '{"version": 1, "columns": {"No": "BT-1", "Colour": "BT-160/2"}, "constants": {"BT-22": "a"}}',
)
SCH = """<schema xmlns="http://purl.oclc.org/dsdl/schematron" queryBinding="xslt2"><ns prefix="cbc" uri="urn:x"/><ns prefix="cac" uri="urn:y"/>
<let name="codes" value="tokenize('AA BB', '\\s')"/><pattern><let name="one" value="//cbc:ID"/>
<rule context="cac:Line[cbc:ID]"><assert id="R-1" flag="fatal" test="every $x in cbc:Amount satisfies xs:decimal($x) &gt; 0 and string-length(cbc:ID) &lt; 9">[R-1] amounts</assert>
<assert id="R-2" flag="warning" test="if (cbc:Code) then cbc:Code = $codes else round(sum(../cbc:Amount) * 10 * 10) div 100 = number('1')">[R-2] codes</assert></rule>
<rule context="/*"><report id="R-3" test="not(exists($one)) or matches(cbc:ID, '^[0-9]{2}$')">[R-3] ids</report></rule></pattern></schema>"""
XSLT = """<xsl:stylesheet xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:svrl="http://purl.oclc.org/dsdl/svrl" xmlns:cbc="urn:x" version="2.0">
<xsl:template match="/"><svrl:schematron-output><svrl:active-pattern/><xsl:apply-templates select="/" mode="M7"/></svrl:schematron-output></xsl:template>
<xsl:template match="cbc:ID" priority="1000" mode="M7"><svrl:fired-rule context="cbc:ID"/>
<xsl:choose><xsl:when test="string-length(.) &gt; 0"/><xsl:otherwise><svrl:failed-assert test="x"><xsl:attribute name="id">R-1</xsl:attribute><xsl:attribute name="flag">fatal</xsl:attribute>
<svrl:text>[R-1] empty</svrl:text></svrl:failed-assert></xsl:otherwise></xsl:choose><xsl:apply-templates select="*" mode="M7"/></xsl:template></xsl:stylesheet>"""


@cache
def invoices() -> tuple[object, ...]:
    from wasl.formats import wasljson

    return tuple(wasljson.read((GOLDEN / f"{name}.json").read_bytes()).invoice for name in NAMES)


@cache
def of(reader: str) -> tuple[tuple[bytes, str], ...]:
    """(file, kind of damage that reaches far) for each seed of the reader."""
    from wasl.formats import cii, ubl
    from wasl.formats.table import write

    xml = [(ubl.write(each), "xml") for each in invoices()]
    cross = [(cii.write(each), "xml") for each in invoices()]
    json = [((GOLDEN / f"{name}.json").read_bytes(), "json") for name in NAMES]
    tables = [(text.encode(), "csv") for text in CSV] + [(CSV[0].encode("utf-16"), "csv"), (CSV[0].encode("cp1256"), "csv")]
    books = [(write.to_xlsx([each]), "xlsx") for each in invoices()[:4]]
    pdfs = [(_pdf(xml[0][0]), "pdf"), (_pdf(xml[2][0], twice=True), "pdf")]
    small = [(ubl.write(invoices()[0]), "xml"), (cii.write(invoices()[0]), "xml")]
    known: dict[str, list[tuple[bytes, str]]] = {
        "ubl": xml,
        "cii": cross,
        "wasl-json": json,
        "pdf": pdfs,
        "csv": tables,
        "xlsx": books,
        "mapping": [(text.encode(), "toml" if text.startswith("v") else "json") for text in MAPPING],
        "door": [xml[0], cross[0], json[0], tables[0], books[0], pdfs[0]],
        "rules": small,
        "rule-sheet": [(SCH.encode(), "sheet"), (XSLT.encode(), "sheet")],
    }
    return tuple(known[reader])


def _pdf(xml: bytes, *, twice: bool = False) -> bytes:
    import pikepdf

    document = pikepdf.new()
    document.add_blank_page()
    for name in ("invoice.xml", "factur-x.xml")[: 1 + twice]:
        spec = pikepdf.AttachedFileSpec(document, xml, filename=name, mime_type="text/xml")
        spec.obj.AFRelationship = pikepdf.Name.Alternative
        document.attachments[name] = spec
    document.Root.AF = pikepdf.Array([spec.obj])
    out = io.BytesIO()
    document.save(out, deterministic_id=True)
    return out.getvalue()
