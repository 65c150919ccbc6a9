using System.Text;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Encoding of the text in expressions.</summary>
internal static class ExpressionText
{
    internal static string Encode(string value, string format) =>
        string.Equals(format, "uri", StringComparison.OrdinalIgnoreCase)
            ? Uri.EscapeDataString(value)
            : throw new NotSupportedException($"Format '{format}' is not supported in a reference expression; use 'uri'.");

    /// <summary>Doubles single braces; those that are doubled already stay.</summary>
    internal static string EscapeBraces(string text)
    {
        if (text.AsSpan().IndexOfAny('{', '}') < 0)
        {
            return text;
        }

        var escaped = new StringBuilder(text.Length + 4);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            escaped.Append(c);
            if (c is not ('{' or '}'))
            {
                continue;
            }

            escaped.Append(c);
            if (i + 1 < text.Length && text[i + 1] == c)
            {
                i++;
            }
        }

        return escaped.ToString();
    }
}
