"""The texts, typefaces and sizes of the drawn pages: three sets, which share no text."""

from dataclasses import dataclass

__all__ = ["APART", "CHOSEN", "REPORTED", "Voice"]

NANUM = "/usr/share/fonts/truetype/nanum/Nanum{}.ttf"
NOTO = "/usr/share/fonts/opentype/noto/Noto{}.ttc"


@dataclass(frozen=True)
class Voice:
    """What a set is drawn with."""

    name: str
    fonts: tuple[str, ...]
    small: tuple[int, ...]  # pixels, as are the next two
    body: tuple[int, ...]
    large: tuple[int, ...]
    degrees: tuple[float, ...]
    tables: tuple[tuple[tuple[str, ...], ...], ...]
    sentences: tuple[str, ...]
    syllables: tuple[str, ...]
    scripts: tuple[str, ...]
    buttons: tuple[str, ...]
    single: tuple[str, ...]
    receipt: tuple[str, ...]


CHOSEN = Voice(
    name="chosen",
    fonts=(NANUM.format("Gothic"), NOTO.format("SansCJK-Regular"), NANUM.format("Myeongjo")),
    small=(9, 10, 11, 12),
    body=(18, 22, 28, 34),
    large=(44, 60, 90),
    degrees=(2, -3.5, 5, -6.5),
    tables=(
        (
            ("품목", "수량", "단가", "금액"),
            ("연필 세트", "3", "2,500", "7,500"),
            ("A4 용지", "10", "4,900", "49,000"),
            ("볼펜", "1", "1,200", "1,200"),
            ("합계", "", "", "57,700"),
        ),
        (
            ("성명", "김민수", "생년월일", "1990-03-12"),
            ("주소", "서울시 마포구", "연락처", "010-2345-6789"),
            ("소속", "영업부", "직급", "대리"),
        ),
        (
            ("Date", "Item", "Total"),
            ("2026-01-05", "Coffee beans", "18.50"),
            ("2026-01-09", "Paper cups", "7.25"),
            ("2026-02-11", "Green tea", "12.00"),
        ),
    ),
    sentences=(
        "오늘은 날씨가 맑고 바람이 붑니다",
        "회의는 오후 3시에 시작합니다",
        "문의 사항은 담당자에게 연락하세요",
        "예약번호 20260417-0032",
        "결제가 완료되었습니다",
        "배송은 2일에서 3일 걸립니다",
        "Thank you for your order",
        "영수증을 보관해 주세요",
    ),
    syllables=(
        "나는 그 집 앞 길을 갔다",
        "이 옷 저 옷 다 입어 본 뒤",
        "할 말이 더 있는 것 같다",
        "내 방 문 앞에 선 두 사람",
        "좀 더 큰 배를 한 척 샀다",
        "그 날 밤 비가 참 많이 왔다",
    ),
    scripts=(
        "비밀번호는 qwer5678입니다",
        "SRT 제305열차 07:45 출발",
        "Galaxy S24 Ultra 512GB 자급제",
        "HDMI케이블 2m 3개",
        "2026.03.15(일) 오후 2:30",
        "LG전자 OLED65인치 TV",
        "고객센터 1588-1234",
        "₩12,500 결제",
    ),
    buttons=("로그인", "회원가입", "장바구니 담기", "Buy now", "취소", "확인하기"),
    single=("저장", "완료", "HELLO", "시작하기", "2026", "주의"),
    receipt=(
        "한빛마트 강남점",
        "2026-03-04 18:22",
        "우유 2,300 2 4,600",
        "식빵 3,100 1 3,100",
        "합계 7,700",
        "받은돈 10,000",
        "거스름돈 2,300",
    ),
)

REPORTED = Voice(
    name="reported",
    fonts=(NANUM.format("BarunGothic"), NOTO.format("SerifCJK-Regular"), NANUM.format("SquareR")),
    small=(9, 10, 11, 12),
    body=(17, 20, 26, 32),
    large=(40, 64, 100),
    degrees=(-2.5, 4, -5.5, 7),
    tables=(
        (
            ("상품명", "개수", "가격", "합계"),
            ("무선 키보드", "2", "35,000", "70,000"),
            ("HDMI 케이블", "5", "6,800", "34,000"),
            ("책상 매트", "1", "14,900", "14,900"),
            ("총액", "", "", "118,900"),
        ),
        (
            ("신청인", "박서연", "신청일", "2026-09-21"),
            ("부서", "총무과", "전화", "02-345-6789"),
            ("사유", "가족 여행", "기간", "3일"),
        ),
        (
            ("Name", "Room", "Price"),
            ("Anna Miller", "204", "89.00"),
            ("Peter Jones", "311", "104.50"),
            ("Maria Lopez", "118", "95.75"),
        ),
    ),
    sentences=(
        "공지사항을 반드시 읽어 주세요",
        "다음 버스는 10분 후에 도착합니다",
        "환불 규정이 변경되었습니다",
        "주문번호 20261103-7745",
        "신청이 접수되었습니다",
        "설명서를 잘 읽고 사용하세요",
        "Please keep this receipt",
        "주차장은 지하 2층에 있습니다",
    ),
    syllables=(
        "저 산 너머 먼 곳에 산다",
        "물 한 잔 더 줄 수 있니",
        "새 신을 신고 뛰어 보자",
        "그 책 다 본 뒤 나 좀 줘",
        "한 번 더 해 볼 수 있다",
        "눈 온 날 밤 개 한 마리",
    ),
    scripts=(
        "아이디는 user2024입니다",
        "ITX 제1021열차 18:05 도착",
        "MacBook Air 13 M3 16GB 미드나이트",
        "USB메모리 64GB 2개",
        "2026.08.07(금) 오전 11:20",
        "SK하이닉스 DDR5 메모리",
        "대표전화 02-1234-5678",
        "₩38,900 환불",
    ),
    buttons=("다음으로", "비밀번호 찾기", "구매하기", "Sign up", "닫기", "동의합니다"),
    single=("취소", "삭제", "WELCOME", "로그아웃", "1004", "금지"),
    receipt=(
        "대성슈퍼 신촌점",
        "2026-07-19 09:41",
        "생수 1,100 3 3,300",
        "김치라면 4,200 2 8,400",
        "합계 11,700",
        "받은돈 20,000",
        "거스름돈 8,300",
    ),
)

APART = Voice(
    name="apart",
    fonts=(
        NANUM.format("SquareRoundR"),
        NOTO.format("SerifCJK-Bold"),
        NANUM.format("BarunGothicBold"),
        NANUM.format("GothicCoding"),
    ),
    small=(9, 10, 11, 12),
    body=(16, 19, 25, 30),
    large=(48, 70, 110),
    degrees=(-3, 3.5, -6, 6.5),
    tables=(
        (
            ("과목", "학점", "점수", "등급"),
            ("미적분학", "3", "92", "A0"),
            ("일반물리", "3", "88", "B+"),
            ("영어회화", "2", "95", "A+"),
            ("평균", "", "91.7", ""),
        ),
        (
            ("회사명", "주식회사 새벽", "대표자", "정하늘"),
            ("사업장", "대전시 유성구 대학로", "사업자번호", "314-81-27590"),
            ("업태", "소매업", "종목", "문구"),
        ),
        (
            ("Date", "Route", "Fare"),
            ("2026-08-14", "Seoul - Busan", "59,800"),
            ("2026-08-16", "Busan - Daegu", "17,100"),
            ("Total", "", "76,900"),
        ),
    ),
    sentences=(
        "이번 달 요금이 청구되었습니다",
        "객실에서는 조용히 해 주세요",
        "택배 송장번호 5528-1093-7741",
        "유통기한 2027년 4월 30일까지",
        "Delivery expected tomorrow",
        "가입해 주셔서 감사합니다",
        "점심시간은 12시부터 1시까지",
        "사진을 먼저 선택하세요",
    ),
    syllables=(
        "꽃 한 송이 더 살 수 있나",
        "그 배 안 탄 게 참 큰 복",
        "또 한 해가 다 간 듯 하다",
        "너 왜 그 옷 안 입고 왔니",
        "흰 눈 위 발 자국 두 줄",
        "밥 먹고 물 한 컵 더 마셔",
    ),
    scripts=(
        "예약코드는 PNR73K입니다",
        "SRT339열차 14:25 수서 도착",
        "Kindle Paperwhite 16GB 블랙",
        "HDMI포트 2개 DP포트 1개",
        "2027.02.14(일) 오후 7:45",
        "KT기가인터넷 500M 요금제",
        "상담전화 1661-0987",
        "₩104,000 입금",
    ),
    buttons=("제출하기", "임시 저장", "나가기", "Submit", "친구 초대", "재시도"),
    single=("입장", "주차", "CLOSED", "고객센터", "365", "승인"),
    receipt=(
        "푸른서점 홍대점",
        "2026-05-23 20:17",
        "소설책 14,800 1 14,800",
        "볼펜 1,500 4 6,000",
        "합계 20,800",
        "받은돈 21,000",
        "거스름돈 200",
    ),
)
