using System.Buffers;
using System.Globalization;
using System.Text;

namespace MonoRepo.ServiceDefaults.Prometheus;

/// <summary>Bytes that grow: text is written as UTF-8, numbers without a string between.</summary>
internal sealed class TextBuffer(int capacity)
{
    private const int LongestNumber = 32;
    private static readonly SearchValues<char> Escaped = SearchValues.Create("\\\"\n");
    private byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public TextBuffer Add(byte value)
    {
        Free(1)[0] = value;
        Length++;
        return this;
    }

    public TextBuffer Add(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Free(bytes.Length));
        Length += bytes.Length;
        return this;
    }

    public TextBuffer Add(ReadOnlySpan<char> text)
    {
        Length += Encoding.UTF8.GetBytes(text, Free(Encoding.UTF8.GetMaxByteCount(text.Length)));
        return this;
    }

    /// <summary>Text between quotes, or behind HELP where quotes stay as they are in the older format.</summary>
    public TextBuffer AddEscaped(ReadOnlySpan<char> text, bool quotes = true)
    {
        for (int next; (next = text.IndexOfAny(Escaped)) >= 0; text = text[(next + 1)..])
        {
            Add(text[..next]).Add(text[next] switch { '\n' => "\\n"u8, '\\' => "\\\\"u8, _ => quotes ? "\\\""u8 : "\""u8 });
        }

        return Add(text);
    }

    public TextBuffer Add(long value)
    {
        value.TryFormat(Free(LongestNumber), out var written, default, CultureInfo.InvariantCulture);
        Length += written;
        return this;
    }

    public TextBuffer Add(double value)
    {
        if (!double.IsFinite(value))
        {
            return Add(double.IsNaN(value) ? "NaN"u8 : value > 0 ? "+Inf"u8 : "-Inf"u8);
        }

        value.TryFormat(Free(LongestNumber), out var written, default, CultureInfo.InvariantCulture);
        Length += written;
        return this;
    }

    private Span<byte> Free(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + count));
        }

        return _bytes.AsSpan(Length);
    }
}
