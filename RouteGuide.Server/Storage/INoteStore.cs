namespace MonoRepo.RouteGuide.Server.Storage;

/// <summary>Notes left at locations.</summary>
internal interface INoteStore
{
    /// <summary>
    /// Leaves a note and returns those that were there before, oldest first. Both happen at once: of two notes left together
    /// one sees the other. Kept are <see cref="Limits.NotesPerLocation"/> a location.
    /// </summary>
    ValueTask<IReadOnlyList<string>> AddAsync(Location location, string message, CancellationToken cancellationToken);
}
