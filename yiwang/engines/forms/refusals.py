"""Why an upload was not taken: one cause and one next step each."""

from __future__ import annotations

from yiwang.kernel.errors import TooLarge, Unavailable, UserError


class UploadRefused(UserError):
    code, status = "UPLOAD_REFUSED", 422
    message, next_step = "文件无法接收。", "请更换文件后重新上传。"


class EmptyUpload(UploadRefused):
    code = "UPLOAD_EMPTY"
    message, next_step = "文件是空的（0 字节）。", "请检查文件能否打开，再重新上传。"


class UploadTooLarge(TooLarge):
    code = "UPLOAD_TOO_LARGE"
    message, next_step = "文件超过大小限制。", "请压缩或拆分后重新上传。"


class NotAPicture(UploadRefused):
    code = "UPLOAD_NOT_A_PICTURE"
    message, next_step = "文件不是可以打开的图片。", "请重新拍照，或选择 JPG、PNG、WEBP 格式的照片。"


class PhonePicture(UploadRefused):
    """HEIC: no decoder with a free licence is part of this platform."""

    code = "UPLOAD_HEIC"
    message, next_step = "暂不支持 HEIC 格式的照片。", "请在手机相机设置中选“兼容性最佳”，或另存为 JPG 后上传。"


class PictureTooBig(UploadRefused):
    code = "UPLOAD_PICTURE_TOO_BIG"
    message, next_step = "图片的像素过多，无法打开。", "请缩小图片尺寸后重新上传。"


class WrongKind(UploadRefused):
    code = "UPLOAD_WRONG_KIND"
    message, next_step = "文件内容不属于可接收的类型。", "请更换文件后重新上传。"


class PackedTooBig(UploadRefused):
    code = "UPLOAD_PACKED_TOO_BIG"
    message, next_step = "压缩包解开后过大。", "请减少内容后重新压缩上传。"


class Infected(UploadRefused):
    code = "UPLOAD_INFECTED"
    message, next_step = "文件未通过病毒查杀，没有保存。", "请在本机查杀病毒后更换文件上传。"


class ScanFailed(Unavailable):
    code = "UPLOAD_SCAN_FAILED"
    message, next_step = "病毒查杀服务暂时不可用，文件没有保存。", "请稍候重新上传。"


class DiskFull(Unavailable):
    code = "UPLOAD_DISK_FULL"
    message, next_step = "服务器存储空间已满，文件没有保存。", "请稍候重试；如持续出现，请联系系统管理员。"
