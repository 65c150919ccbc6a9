using System.Text;
using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.Run.Dashboard.Wire;

namespace MonoRepo.Hosting.Run.Dashboard;

/// <summary>Cuts log lines into messages that a gRPC client takes: it refuses more than 4 MiB.</summary>
internal static class LogBatches
{
    /// <summary>Bytes of text in one message.</summary>
    public const int MaxBytes = 2 * 1024 * 1024;

    /// <summary>Bytes that a line costs beside its text: tags, length, number and flag.</summary>
    private const int LineOverhead = 24;

    /// <summary>The messages; a line that is longer than a whole message loses its end.</summary>
    public static IEnumerable<WatchResourceConsoleLogsUpdate> Split(IEnumerable<LogLine> lines)
    {
        var message = new WatchResourceConsoleLogsUpdate();
        var bytes = 0;
        foreach (var line in lines)
        {
            var text = Cut(line.Content);
            var size = Encoding.UTF8.GetByteCount(text) + LineOverhead;
            if (bytes + size > MaxBytes && bytes > 0)
            {
                yield return message;
                message = new();
                bytes = 0;
            }

            message.LogLines.Add(new ConsoleLogLine { LineNumber = line.LineNumber, Text = text, IsStdErr = line.IsErrorMessage });
            bytes += size;
        }

        if (bytes > 0)
        {
            yield return message;
        }
    }

    /// <summary>A character takes three bytes at most (a pair of two surrogates four), so a third of the limit always fits.</summary>
    private static string Cut(string text)
    {
        const int MaxCharacters = MaxBytes / 3 - LineOverhead;
        if (text.Length <= MaxCharacters)
        {
            return text;
        }

        return text[..(char.IsHighSurrogate(text[MaxCharacters - 1]) ? MaxCharacters - 1 : MaxCharacters)];
    }
}
