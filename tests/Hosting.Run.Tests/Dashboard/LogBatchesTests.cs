using Aspire.Hosting.ApplicationModel;
using MonoRepo.Hosting.Run.Dashboard;

namespace MonoRepo.Tests.Dashboard;

public sealed class LogBatchesTests
{
    private const int ClientLimit = 4 * 1024 * 1024;

    [Fact]
    public void FewLinesAreOneMessage()
    {
        var message = Assert.Single(LogBatches.Split([new(1, "a", false), new(2, "b", true)]));

        Assert.Equal([(1, "a", false), (2, "b", true)], message.LogLines.Select(line => (line.LineNumber, line.Text, line.IsStdErr)));
    }

    [Fact]
    public void NoMessageIsLargerThanAClientTakesAndNoLineIsLost()
    {
        // Three bytes a character in UTF-8.
        var lines = Enumerable.Range(1, 5_000).Select(i => new LogLine(i, new string('€', 1_000), false)).ToList();

        var messages = LogBatches.Split(lines).ToList();

        Assert.True(messages.Count > 1);
        Assert.All(messages, message => Assert.True(message.CalculateSize() < ClientLimit));
        Assert.Equal(lines.Select(line => line.LineNumber), messages.SelectMany(message => message.LogLines).Select(line => line.LineNumber));
    }

    [Fact]
    public void ALineLongerThanAMessageLosesItsEndBetweenCharacters()
    {
        var message = Assert.Single(LogBatches.Split([new(1, string.Concat(Enumerable.Repeat("😀", 2_000_000)), false)]));

        Assert.True(message.CalculateSize() < ClientLimit);
        Assert.False(char.IsHighSurrogate(message.LogLines[0].Text[^1]));
    }

    [Fact]
    public void NothingIsNoMessage() => Assert.Empty(LogBatches.Split([]));
}
