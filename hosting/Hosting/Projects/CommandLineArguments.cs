using System.Text;

namespace MonoRepo.Hosting;

/// <summary>Splits a command line as a launch profile has it: blanks separate, quotes hold together, a backslash takes a quote as it is.</summary>
internal static class CommandLineArguments
{
    internal static IReadOnlyList<string> Split(string line)
    {
        var arguments = new List<string>();
        var current = new StringBuilder();
        var quoted = false;
        var started = false;
        for (var i = 0; i < line.Length; i++)
        {
            var c = line[i];
            if (c == '\\' && i + 1 < line.Length && line[i + 1] == '"')
            {
                current.Append('"');
                started = true;
                i++;
            }
            else if (c == '"')
            {
                quoted = !quoted;
                started = true;
            }
            else if (char.IsWhiteSpace(c) && !quoted)
            {
                Take();
            }
            else
            {
                current.Append(c);
                started = true;
            }
        }

        Take();
        return arguments;

        void Take()
        {
            if (started)
            {
                arguments.Add(current.ToString());
                current.Clear();
                started = false;
            }
        }
    }
}
