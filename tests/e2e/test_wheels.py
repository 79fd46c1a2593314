"""The wheels hold what their users need and nothing else."""

import zipfile

import check_dist
import pytest


@pytest.mark.parametrize("promise", [check_dist.SDK, check_dist.EMULATOR], ids=["sdk", "emulator"])
def test_the_wheel_keeps_its_promise(promise, tmp_path) -> None:
    wheel = check_dist.build(promise, tmp_path, "wheel")
    assert list(check_dist.wheel_findings(promise, wheel)) == []


def test_a_file_too_many_and_a_file_missing_are_found(tmp_path) -> None:
    wheel = tmp_path / "nhncloud_ocr-0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("nhncloud_ocr/leftover.bak", "")
        archive.writestr("nhncloud_ocr-0.dist-info/METADATA", "Name: nhncloud-ocr\n")
    findings = list(check_dist.wheel_findings(check_dist.SDK, wheel))
    assert f"{wheel.name} has no use for nhncloud_ocr/leftover.bak" in findings
    assert f"{wheel.name} lacks nhncloud_ocr/py.typed" in findings
    assert f"{wheel.name} lacks nhncloud_ocr_api/py.typed" in findings
    assert not any("METADATA" in finding for finding in findings)


def test_only_direct_requirements_outside_extras_count(tmp_path) -> None:
    wheel = tmp_path / "x-0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(
            "x-0.dist-info/METADATA",
            "Requires-Dist: Python_Multipart>=1\n"
            "Requires-Dist: rapidocr>=3; extra == 'photo'\n"
            "Requires-Dist: tesserocr>=2; sys_platform == 'linux'\n",
        )
    assert check_dist.direct_requirements(wheel) == {"python-multipart", "tesserocr"}


def test_imports_are_read_from_the_source(tmp_path) -> None:
    (tmp_path / "module.py").write_text(
        "import a.b, c\nfrom d.e import f\nfrom . import g\n"
        "def lazily():\n    import h\ni = import_module('i.j')\n"
    )
    assert set(check_dist.imports(tmp_path)) == {"a", "c", "d", "h", "i"}
