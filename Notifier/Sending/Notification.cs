namespace MonoRepo.Notifier.Sending;

/// <summary>What a person is told.</summary>
/// <param name="Id">The same for the same news.</param>
/// <param name="IsPage">Whether it comes through in quiet hours.</param>
/// <param name="Since">When it was taken.</param>
/// <param name="Title">A few words.</param>
/// <param name="Lines">What there is to say, a line each.</param>
internal sealed record Notification(string Id, bool IsPage, DateTimeOffset Since, string Title, IReadOnlyList<string> Lines)
{
    private const int MaxLines = 5;

    /// <summary>All that there is to read, where it is more than the lines and the receiver can show it.</summary>
    public string? Text { get; init; }

    /// <summary>Several in one message, of which it names the first; what there is to read is in it as a whole.</summary>
    public static Notification Collect(IReadOnlyList<Notification> all) => all.Count == 1 ? all[0] : new(
        all[0].Id, all.Any(one => one.IsPage), all[0].Since, $"{all.Count} notifications",
        [
            .. all.Take(MaxLines).Select(one => one.Lines[0]),
            .. all.Count > MaxLines ? [$"and {all.Count - MaxLines} more"] : Array.Empty<string>(),
        ])
    {
        Text = all.Any(one => one.Text is not null)
            ? string.Join("\n\n", all.Select(one => one.Text ?? string.Join('\n', one.Lines)))
            : null,
    };
}
