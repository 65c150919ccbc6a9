using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting.Run.Orchestration;

/// <summary>The last lines that an instance has written.</summary>
internal static partial class LogTail
{
    public const int Length = 10;

    /// <summary>The lines without their times, each after a line break and two blanks.</summary>
    public static async Task<string> ReadAsync(ResourceLoggerService loggers, string instance)
    {
        var tail = new Queue<string>(Length + 1);
        await foreach (var batch in loggers.GetAllAsync(instance).ConfigureAwait(false))
        {
            foreach (var line in batch)
            {
                tail.Enqueue(Timestamp().Replace(line.Content, ""));
                if (tail.Count > Length)
                {
                    tail.Dequeue();
                }
            }
        }

        return string.Concat(tail.Select(line => $"{Environment.NewLine}  {line}"));
    }

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d) ", RegexOptions.ExplicitCapture)]
    private static partial Regex Timestamp();
}
