"""Logos: uploaded as base64, fetched by anybody."""

from base64 import b64encode

import pytest

PNG = b"\x89PNG\r\n\x1a\n" + bytes(1000)


@pytest.fixture
def upload_logo(owner, world):
    def upload(content):
        answer = owner.post(
            f"/v1beta/organizations/{world['organization_id']}/logo",
            json={"image_data": b64encode(content).decode()},
        )
        assert answer.status_code == 200, answer.text
        return answer.json()["logo_url"]

    return upload


@pytest.mark.parametrize(
    ("content", "media_type", "suffix"),
    [
        (PNG, "image/png", ".png"),
        (b"\xff\xd8\xff rest", "image/jpeg", ".jpg"),
        (b"RIFF\x10\0\0\0WEBP rest", "image/webp", ".webp"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml", ".svg"),
    ],
)
def test_logo_is_delivered_to_anybody(client, control, upload_logo, content, media_type, suffix):
    url = upload_logo(content)
    control("POST", "/clock/advance", json={"days": 3000})

    answer = client.get(url)

    assert url.endswith(suffix)
    assert answer.content == content
    assert answer.headers["content-type"] == media_type


def test_scripts_in_a_picture_do_not_run(client, upload_logo):
    answer = client.get(upload_logo(b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"))

    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_logo_in_the_public_profile_can_be_fetched(client, owner, world, upload_logo):
    path = f"/v1beta/organizations/{world['organization_id']}"
    owner.patch(path, json={"logo_image_url": upload_logo(PNG)})

    profile = client.get(f"{path}/public-profile").json()

    assert client.get(profile["logo_image_url"]).content == PNG
