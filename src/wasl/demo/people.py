"""The sample world of the demo: three sellers, their customers and what they sell. Names and numbers are invented."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal


@dataclass(frozen=True)
class SampleItem:
    name_ar: str
    name_en: str
    unit: str  # UN/ECE Recommendation 20
    price: str
    tax: tuple[str, str] = ("S", "")  # category, rate; an empty rate is the seller's standard rate
    exemption: str = ""  # BT-120


@dataclass(frozen=True)
class SampleCustomer:
    name: str  # BT-44
    trading_name: str  # BT-45
    email: str
    line_1: str
    line_2: str
    city: str
    post_code: str
    country: str
    vat: str = ""
    language: str = "ar"
    contact: str = ""
    registration: str = ""  # BT-47


@dataclass(frozen=True)
class SampleSeller:
    slug: str
    name_ar: str
    name_en: str
    vat: str
    registration: tuple[str, str]  # BT-30: value, scheme
    line_1: str
    line_2: str
    city: str
    post_code: str
    country: str
    zone: str
    currency: str
    profile: str
    language: str
    standard_rate: Decimal
    iban: str
    bank: str
    email: str
    owner: str
    owner_email: str
    accent: str
    items: tuple[SampleItem, ...]
    customers: tuple[SampleCustomer, ...]
    tax_registration: str = ""  # BT-32
    logo: str = ""  # a plain SVG drawing


SANAD_LOGO = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="#0b4f4a"/>
<rect x="16" y="20" width="32" height="5" rx="2.5" fill="#fff"/><rect x="16" y="30" width="32" height="5" rx="2.5" fill="#fff"/>
<rect x="16" y="40" width="20" height="5" rx="2.5" fill="#fff"/><circle cx="45" cy="43" r="4.5" fill="#d9a13b"/></svg>"""
JABAL_LOGO = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="#7a3e1d"/>
<path d="M10 46 L26 22 L36 36 L42 28 L54 46 Z" fill="#fff"/><circle cx="46" cy="19" r="4.5" fill="#e9b872"/></svg>"""
BELLIARD_LOGO = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="14" fill="#2b4c7e"/>
<path d="M18 48 V16 H34 A8 8 0 0 1 34 32 H18 M34 32 A8 8 0 0 1 34 48 H18" fill="none" stroke="#fff" stroke-width="5"/></svg>"""

BLUE_HORIZON = SampleCustomer(
    "مؤسسة الأفق الأزرق للتجارة", "Blue Horizon Trading Est.", "finance@bluehorizon.example",
    "شارع الأمير محمد بن عبدالعزيز، حي الروضة", "Prince Mohammed bin Abdulaziz St., Al Rawdah", "جدة", "23435", "SA",
    vat="300055184400003", contact="نادر الغامدي",
)  # fmt: skip

SANAD = SampleSeller(
    slug="sanad", name_ar="شركة سند للتقنية المحدودة", name_en="Sanad Technology Co. Ltd.", vat="310122393500003",
    registration=("1010458732", ""), line_1="طريق الملك فهد، حي العليا", line_2="King Fahd Road, Al Olaya", city="الرياض", post_code="12214",
    country="SA", zone="Asia/Riyadh", currency="SAR", profile="sa", language="ar", standard_rate=Decimal("15"),
    iban="SA0380000000608010167519", bank="مصرف الراجحي", email="billing@sanad.example", owner="ريم العتيبي", owner_email="reem@sanad.example",
    accent="#0b4f4a",
    logo=SANAD_LOGO,
    items=(
        SampleItem("خدمات استشارية في التحول الرقمي", "Digital transformation consulting", "HUR", "215.83"),
        SampleItem("رخصة برنامج محاسبة سنوية (5 مستخدمين)", "Annual accounting licence (5 users)", "C62", "2575.01"),
        SampleItem("صيانة خوادم ودعم فني على مدار الساعة", "Server maintenance and support, 24/7", "MON", "1300.00"),
        SampleItem("تدريب فريق العمل – المستوى الثاني", "Team training, level II", "DAY", "4362.97"),
        SampleItem("تصميم واجهات المستخدم", "User-interface design", "HUR", "310.00"),
        SampleItem("استضافة سحابية 500 جيجابايت", "Cloud hosting, 500 GB", "MON", "3471.07"),
    ),
    customers=(
        BLUE_HORIZON,
        SampleCustomer("شركة نخيل القصيم الغذائية", "Qassim Palms Foods Co.", "accounts@qassimpalms.example", "طريق الملك عبدالعزيز", "King Abdulaziz Road", "بريدة", "52361", "SA", vat="300412345600003"),
        SampleCustomer("مجموعة الدرعية للضيافة", "Diriyah Hospitality Group", "ap@diriyahhotels.example", "حي البجيري", "Al Bujairi", "الدرعية", "13711", "SA", vat="310987654300003"),
        SampleCustomer("مركز الشفاء الطبي", "Al Shifa Medical Centre", "purchasing@alshifa.example", "شارع الخزان", "Al Khazzan St.", "الرياض", "12613", "SA", vat="300777888900003"),
    ),
)  # fmt: skip

JABAL = SampleSeller(
    slug="jabal", name_ar="مؤسسة جبل عمّان للتصميم والطباعة", name_en="Jabal Amman Design & Print Est.", vat="", tax_registration="10254871",  # a bare Jordanian number is BT-32; BT-31 would want the country before it (BR-CO-09)

    registration=("200158743", ""), line_1="شارع الرينبو، جبل عمّان", line_2="Rainbow Street, Jabal Amman", city="عمّان", post_code="11183",
    country="JO", zone="Asia/Amman", currency="JOD", profile="jo", language="ar", standard_rate=Decimal("16"),
    iban="JO94CBJO0010000000000131000302", bank="البنك المركزي الأردني", email="accounts@jabal.example", owner="سامر حدّاد", owner_email="samer@jabal.example",
    accent="#7a3e1d",
    logo=JABAL_LOGO,
    items=(
        SampleItem("تصميم هوية بصرية كاملة", "Complete visual identity", "C62", "1250.500"),
        SampleItem("طباعة كتيّب ملوّن 24 صفحة", "Colour booklet, 24 pages, printed", "C62", "2.375"),
        SampleItem("ورق مقوّى 300 غرام", "Cardboard, 300 g", "KGM", "3.125"),
        SampleItem("جلسة تصوير منتجات", "Product photo session", "HUR", "42.750"),
        SampleItem("توصيل داخل عمّان", "Delivery within Amman", "C62", "4.500"),
    ),
    customers=(
        replace(BLUE_HORIZON, vat="SA300055184400003"),
        SampleCustomer("مكتبة الزيتونة", "Zaytouna Bookshop", "orders@zaytouna.example", "شارع الثقافة", "Culture Street", "عمّان", "11190", "JO", registration="8756213"),
        SampleCustomer("فندق البتراء الوردي", "Petra Rose Hotel", "finance@petrarose.example", "شارع وادي موسى", "Wadi Musa Road", "وادي موسى", "71810", "JO", registration="9988123"),
    ),
)  # fmt: skip

BELLIARD = SampleSeller(
    slug="belliard", name_ar="أتيليه بليار للعمارة", name_en="Atelier Belliard SRL", vat="BE0123456749",
    registration=("0123456749", "0208"), line_1="Rue Belliard 40", line_2="", city="Bruxelles", post_code="1040",
    country="BE", zone="Europe/Brussels", currency="EUR", profile="en16931", language="en", standard_rate=Decimal("21"),
    iban="BE68539007547034", bank="KREDBEBB", email="compta@belliard.example", owner="Lina Maes", owner_email="lina@belliard.example",
    accent="#2b4c7e",
    logo=BELLIARD_LOGO,
    items=(
        SampleItem("دراسة معمارية أولية", "Preliminary architectural study", "HUR", "96.40"),
        SampleItem("رسومات تنفيذية", "Execution drawings", "C62", "480.00"),
        SampleItem("زيارة موقع", "Site visit", "DAY", "640.00"),
        SampleItem("كتاب مطبوع عن الترميم", "Printed book on restoration", "C62", "38.50", tax=("S", "6")),
        SampleItem("خدمة لعميل خارج الاتحاد", "Service to a customer outside the Union", "HUR", "96.40", tax=("G", "0"), exemption="Export outside the EU"),
    ),
    customers=(
        replace(BLUE_HORIZON, vat="SA300055184400003"),  # plain EN 16931 wants the country before the number (BR-CO-09)
        SampleCustomer("Museum Zenne vzw", "", "facturen@museumzenne.example", "Zennestraat 12", "", "Mechelen", "2800", "BE", vat="BE0987654394", language="en"),
        SampleCustomer("Kaaiwerk Studio BV", "", "boekhouding@kaaiwerk.example", "Kaai 7", "", "Gent", "9000", "BE", vat="BE0444333244", language="en"),
    ),
)  # fmt: skip

SELLERS = (SANAD, JABAL, BELLIARD)
