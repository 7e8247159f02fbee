"""Made-up names of people, employers and streets."""

from random import Random

SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡"
    "余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯"
    "龙史陶黎贺顾毛郝龚邵万钱严"
)
DOUBLE_SURNAMES = ("欧阳", "上官", "司徒", "诸葛")
GIVEN_MALE = "伟强磊军勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆旭宁晨阳博文天佑志远建国立新"
GIVEN_FEMALE = (
    "芳娜敏静丽艳娟霞秀兰玲桂英梅琳素云莲真环雪荣爱妹香月莺媛佳嘉琼勤珍贞莉桂娣叶璧璐"
    "娅琦晶妍茜秋珊莎锦黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓"
)
TRADES = (
    ("软件", "I65", 1),
    ("餐饮", "H62", 2),
    ("贸易", "F51", 1),
    ("服装制造", "C18", 3),
    ("机械制造", "C34", 4),
    ("建筑", "E47", 6),
    ("物流", "G54", 3),
    ("物业管理", "K70", 2),
    ("教育咨询", "P83", 1),
    ("家具制造", "C21", 4),
)
# fmt: off
BRANDS = (
    "启明", "星河", "东篱", "南风", "青禾", "云帆", "远山", "知行", "瑞和", "恒信", "天泽", "海纳",
    "百川", "景行", "致远", "同心", "安居", "丰年", "长青", "晨曦", "若水", "明德", "嘉木", "万象",
    "清源", "博雅", "汇通", "永昌", "和顺", "金穗", "白鹭", "梧桐", "九章", "临江", "半山", "听雨",
    "拾光", "行舟", "望岳", "归云",
)
# fmt: on
STREETS = [
    "和平路",
    "建设路",
    "人民路",
    "解放路",
    "中山路",
    "文化街",
    "幸福里",
    "朝阳路",
    "新华路",
    "滨江道",
]


def make_name(random: Random, *, is_male: bool) -> str:
    """Return a name of two to four characters."""
    surname = random.choice(DOUBLE_SURNAMES) if random.random() < 0.01 else random.choice(SURNAMES)
    given = GIVEN_MALE if is_male else GIVEN_FEMALE
    return surname + "".join(random.choice(given) for _ in range(random.choice((1, 2, 2))))


def make_address(random: Random) -> str:
    """Return an address that is nowhere."""
    street, number = random.choice(STREETS), random.randint(1, 300)
    return f"示范{street}{number}号{random.randint(1, 20)}幢{random.randint(101, 2604)}室"
