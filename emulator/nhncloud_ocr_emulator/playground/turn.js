// How a picture is to be turned: its EXIF tag, 1 (not at all) to 8; from 5 on its sides swap.

const TAG = 0x0112;

export async function turnOf(blob) {
  const data = new DataView(await blob.slice(0, 65536).arrayBuffer());
  const mark = /Exif\0\0|eXIf/.exec(new TextDecoder("latin1").decode(data)); // of a JPEG, of a PNG
  if (!mark) return 1;
  try {
    const start = mark.index + mark[0].length, little = data.getUint8(start) === 0x49;
    const entries = start + data.getUint32(start + 4, little);
    for (let i = 0, at = entries + 2; i < data.getUint16(entries, little); i += 1, at += 12) {
      if (data.getUint16(at, little) === TAG) return data.getUint16(at + 8, little);
    }
  } catch { /* it points past its end: nobody turns by it */ }
  return 1;
}
