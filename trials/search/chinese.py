"""Traditional and simplified Chinese: the spellings that one word of this field can have.

A table of our own: the converters that there are bring half a megabyte of phrases, and are GPL
(zhconv) or have had no release for years (opencc-python-reimplemented). This one has the characters
of medicine, of places and of the names in the catalogue; any other is looked for as it is written.
"""

from __future__ import annotations

_SIMPLIFIED = (
    "关节细干疗质间组亚医体临带岛脐软国损验马来尔织内试盘对学异于纳随术属项个种药为维圣里兰伤发复达罗"
    "现显与机优轻肿应台鲁团评总访变剂极单东实证无后较广烟顶萨时库几卢乌点缓仅胶浓缩宫坏类钠样冻联齐荣"
    "领麦门苏图长黄迟数减并岁华绒蜕经肤诱导儿髋颞颌连韧风湿营养镜温从区奥兹韦莱刚爱济冈绍约脱托诺顿劳"
    "凯湾别启动讨针级转纤网进运见万胀册红续这镇严垫觉双军战玺贝宁开诞伦腊买泽缅纽鲜秘宾乔韩扬叙汤屿赞"
    "矶乱剥头强闻计过亿状稳给残莲际荟条线传统预处积响将龄热卫占据呕恶侧则会丧环补标该员碍两汇献获监许"
    "确价选择储龈颈颅脑脏肾胆肠脉压筛疮疡痈瘫痪断创滤离纯鉴调换输静丰龙凤陈刘张吴郑冯钱赵孙杨检测认诊"
    "护胫桡挛紧隐绝银铁钙滞弯车矫灵观阶阳阴浆贴丝齿猪录号编妇产适盐厦辽陕贵云汉"
)
_TRADITIONAL = (
    "關節細幹療質間組亞醫體臨帶島臍軟國損驗馬來爾織內試盤對學異於納隨術屬項個種藥為維聖裡蘭傷發復達羅"
    "現顯與機優輕腫應臺魯團評總訪變劑極單東實證無後較廣煙頂薩時庫幾盧烏點緩僅膠濃縮宮壞類鈉樣凍聯齊榮"
    "領麥門蘇圖長黃遲數減並歲華絨蛻經膚誘導兒髖顳頜連韌風濕營養鏡溫從區奧茲韋萊剛愛濟岡紹約脫託諾頓勞"
    "凱灣別啟動討針級轉纖網進運見萬脹冊紅續這鎮嚴墊覺雙軍戰璽貝寧開誕倫臘買澤緬紐鮮祕賓喬韓揚敘湯嶼贊"
    "磯亂剝頭強聞計過億狀穩給殘蓮際薈條線傳統預處積響將齡熱衛佔據嘔惡側則會喪環補標該員礙兩匯獻獲監許"
    "確價選擇儲齦頸顱腦臟腎膽腸脈壓篩瘡瘍癰癱瘓斷創濾離純鑑調換輸靜豐龍鳳陳劉張吳鄭馮錢趙孫楊檢測認診"
    "護脛橈攣緊隱絕銀鐵鈣滯彎車矯靈觀階陽陰漿貼絲齒豬錄號編婦產適鹽廈遼陝貴雲漢"
)
# Further traditional spellings, which no simplified word is turned into.
_ALSO = str.maketrans(
    "牀羣爲裏啓乾溼鑒祕頷擋菸儘採髮複證鬆鬍麵穀", "床群为里启干湿鉴秘颔挡烟尽采发复证松胡面谷"
)
_TO_SIMPLIFIED = {**str.maketrans(_TRADITIONAL, _SIMPLIFIED), **_ALSO}
_TO_TRADITIONAL = str.maketrans(_SIMPLIFIED, _TRADITIONAL)


def simplified(text: str) -> str:
    return text.translate(_TO_SIMPLIFIED)


def spellings(word: str) -> tuple[str, ...]:
    """The word as it is, in simplified and in traditional letters; one of each that differs.

    Taiwan writes its own name with the simple 台 as often as with 臺.
    """
    simple = simplified(word)
    traditional = simple.translate(_TO_TRADITIONAL)
    return tuple(dict.fromkeys([word, simple, traditional, traditional.replace("臺", "台")]))
