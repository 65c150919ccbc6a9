using System.Security.Cryptography;
using System.Text;
using MonoRepo.Notifier.Sending;

namespace MonoRepo.Notifier.Reports;

/// <summary>What <c>POST /reports</c> takes: something to read, such as the summary of a week.</summary>
/// <remarks>
/// <code>
/// { "title": "Summary of prod, 2026-11-20 07:00 to 2026-11-27 07:00 UTC", "figures": ["74 changes were merged", …],
///   "text": "# Summary of prod …" }
/// </code>
/// </remarks>
/// <param name="Title">Says what it is of; the same title is the same report.</param>
/// <param name="Figures">What there is to say in a few lines.</param>
/// <param name="Text">All of it, in Markdown.</param>
internal sealed record Report(string? Title, List<string?>? Figures, string? Text) : INews
{
    private const int MaxTitle = 200;
    private const int MaxFigures = 5;

    /// <inheritdoc/>
    public static int MaxBytes => 256 * 1024;

    // A job that fails after it has posted is run again.
    private static readonly TimeSpan s_window = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public string? FindProblem() => this switch
    {
        { Title: null or "" or { Length: > MaxTitle } } => $"The title has to have 1 to {MaxTitle} characters.",
        { Text: null or "" } => "The text is missing.",
        _ when Figures?.Count > MaxFigures || Figures?.Contains(null) == true => $"There can be at most {MaxFigures} figures.",
        _ => null,
    };

    /// <inheritdoc/>
    public Notification? Describe(ReceiverOptions receiver, DateTimeOffset now) =>
        receiver.Severity == "page" ? null : new(Identity(), IsPage: false, now, Title!, [Title!, .. (Figures ?? [])!])
        {
            Text = receiver.Email is null ? null : Text,
        };

    /// <inheritdoc/>
    public TimeSpan Window(NotifierOptions options) => s_window;

    private string Identity() =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"report\n{Title}")).AsSpan(0, 16));
}
