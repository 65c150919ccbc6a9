using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Text.RegularExpressions;

namespace MonoRepo.Hosting;

/// <summary>
/// The parser's help, in whose list of commands <c>apply &lt;resource&gt;</c> reads as if the argument were required: it becomes
/// <c>apply [&lt;resource&gt;...]</c>, as in the usage line.
/// </summary>
internal sealed class CommandHelp(HelpAction help) : SynchronousCommandLineAction
{
    // What the brackets and dots take of the column's padding.
    private const int Added = 5;

    public override bool ClearsParseErrors => true;

    public static void Install(Command root)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new CommandHelp((HelpAction)option.Action!);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var configuration = parseResult.InvocationConfiguration;
        var output = configuration.Output;
        using var written = new StringWriter();
        configuration.Output = written;
        var code = help.Invoke(parseResult);
        configuration.Output = output;

        var text = written.ToString();
        foreach (var command in parseResult.CommandResult.Command.Subcommands)
        {
            if (command.Arguments is [{ Arity: { MinimumNumberOfValues: 0, MaximumNumberOfValues: > 1 } } argument])
            {
                text = Regex.Replace(
                    text, $"^  {command.Name} <{argument.Name}> {{{Added}}}(?= )", $"  {command.Name} [<{argument.Name}>...]",
                    RegexOptions.Multiline);
            }
        }

        output.Write(text);
        return code;
    }
}

/// <summary>What somebody may have meant who typed a word that isn't known.</summary>
internal static class Suggestion
{
    /// <summary>The one that is most like it; null: none is.</summary>
    public static string? Closest(string word, IEnumerable<string> known) => known
        .Select(k => (Name: k, Distance: Distance(word, k)))
        .Where(k => k.Distance <= Math.Max(1, k.Name.Length / 3))
        .OrderBy(k => k.Distance)
        .FirstOrDefault().Name;

    // Levenshtein: how many letters have to be added, removed or replaced.
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 0; i < from.Length; i++)
        {
            var diagonal = row[0]++;
            for (var j = 0; j < to.Length; j++)
            {
                var replaced = diagonal + (from[i] == to[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(diagonal, row[j]) + 1);
            }
        }

        return row[^1];
    }
}
