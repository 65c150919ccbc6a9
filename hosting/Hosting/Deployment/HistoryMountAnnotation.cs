using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>
/// A file in the container with what was done to the environment, a line of JSON each, newest first. It isn't there before
/// something was done; running pods see a change within about a minute.
/// </summary>
/// <param name="Path">Path of the file, in a folder of its own.</param>
internal sealed record HistoryMountAnnotation(string Path) : IResourceAnnotation;
