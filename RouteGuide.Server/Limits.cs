namespace MonoRepo.RouteGuide.Server;

/// <summary>How much one call may ask for. What is above is refused, never cut off silently.</summary>
internal static class Limits
{
    /// <summary>The largest message taken: 16 KiB; more is RESOURCE_EXHAUSTED.</summary>
    public const int MessageBytes = 16 * 1024;

    /// <summary>The longest text of a note in bytes of UTF-8; more is INVALID_ARGUMENT.</summary>
    public const int NoteBytes = 4096;

    /// <summary>Notes kept for one location; the oldest go first.</summary>
    public const int NotesPerLocation = 100;

    /// <summary>How long the notes of a location are kept after the last one was left there.</summary>
    public static readonly TimeSpan NoteLifetime = TimeSpan.FromHours(24);

    /// <summary>Points in one RecordRoute; more is RESOURCE_EXHAUSTED.</summary>
    public const int RoutePoints = 100_000;

    /// <summary>Notes in one RouteChat; more is RESOURCE_EXHAUSTED.</summary>
    public const int ChatNotes = 10_000;

    /// <summary>Features in one answer to ListFeatures; more is RESOURCE_EXHAUSTED once these were sent.</summary>
    public const int ListedFeatures = 1_000_000;
}
