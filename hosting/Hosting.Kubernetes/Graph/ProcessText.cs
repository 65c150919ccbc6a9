using System.Buffers;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Kubernetes.Graph;

/// <summary>Which texts can reach a process or a file of a pod as they are; others are refused.</summary>
internal static class ProcessText
{
    // DEL and the C1 controls, line breaks that become spaces, and two that are no characters.
    private static readonly SearchValues<char> s_unwritable =
        SearchValues.Create([.. Enumerable.Range(0x7f, 0x21).Concat([0x2028, 0x2029, 0xfffe, 0xffff]).Select(c => (char)c)]);

    /// <summary>A variable, argument or command: these end at the first U+0000.</summary>
    public static bool Check(string text, IResource resource, string field, ValidationErrors errors)
    {
        if (text.Contains('\0', StringComparison.Ordinal))
        {
            errors.Add(resource.Name, field, "has a U+0000, which no process can be given", "remove it");
            return false;
        }

        return CheckFile(text, resource, field, errors);
    }

    /// <summary>The content of a file.</summary>
    public static bool CheckFile(string text, IResource resource, string field, ValidationErrors errors)
    {
        if (!IsUnicode(text))
        {
            errors.Add(resource.Name, field, "has half a surrogate pair, which is no character", "remove it");
            return false;
        }

        // kustomize writes it as a YAML block that it cannot read back: "found a tab character where an indentation space is
        // expected".
        if (text.StartsWith('\t') && text.Contains('\n', StringComparison.Ordinal))
        {
            errors.Add(resource.Name, field, "has several lines and begins with a tab, which kustomize cannot read",
                "begin it with another character, such as a line break");
            return false;
        }

        // …and some characters that it writes as they are: "control characters are not allowed".
        var unwritable = text.AsSpan().IndexOfAny(s_unwritable);
        if (unwritable >= 0)
        {
            errors.Add(resource.Name, field, $"has a U+{(int)text[unwritable]:X4}, which kustomize cannot write", "remove it");
            return false;
        }

        return true;
    }

    private static bool IsUnicode(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (char.IsSurrogate(text[i]) && !(i + 1 < text.Length && char.IsSurrogatePair(text[i], text[++i])))
            {
                return false;
            }
        }

        return true;
    }
}
