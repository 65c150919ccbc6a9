using System.Text.RegularExpressions;

namespace MonoRepo.Tests;

/// <summary>What .editorconfig says of lines and names, which no compiler checks.</summary>
public sealed partial class StyleTests
{
    private const int MaxLength = 130;

    [Fact]
    public void Lines_AreShortEnoughToRead() => Assert.Empty(
        from file in Sources()
        from line in Code(SourceTree.Read(file)).Split('\n').Index()
        where line.Item.Length > MaxLength
        select $"{file}:{line.Index + 1}");

    [Fact]
    public void PrivateFields_HaveOneConvention() => Assert.Empty(
        from file in Sources()
        from Match field in PrivateField().Matches(SourceTree.Read(file))
        where !field.Groups["name"].Value.StartsWith(field.Groups["static"].Success ? "s_" : "_", StringComparison.Ordinal)
        select $"{file}: {field.Groups["name"].Value}");

    private static IEnumerable<string> Sources() =>
        SourceTree.Files.Where(file => file.EndsWith(".cs", StringComparison.Ordinal));

    // The lines of a raw string are in another language, or what a program prints.
    private static string Code(string source) =>
        RawString().Replace(source, text => new string('\n', text.Value.Count(c => c == '\n')));

    [GeneratedRegex("(\"{3,})\\n.*?\\n *\\1|(\"{3,})[^\\n]*?\\2|(?<!/)// [{<][^\\n]*", RegexOptions.Singleline)]
    private static partial Regex RawString();

    [GeneratedRegex(
        @"^ +private (?!const|delegate|event)(?<static>static )?(?:readonly |volatile )*"
        + @"(?:[\w<>\[\]?,. )]|(?<!\w)\()+? (?<name>\w+)(?: = .*|;)$",
        RegexOptions.Multiline)]
    private static partial Regex PrivateField();
}
