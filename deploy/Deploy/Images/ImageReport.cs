namespace MonoRepo.Deploy.Images;

/// <summary>How far an image is.</summary>
internal enum ImageStep
{
    /// <summary>Nothing changed: it keeps the digest that it has.</summary>
    Unchanged,

    /// <summary>It is being built and pushed.</summary>
    Building,

    /// <summary>The registry has it.</summary>
    Pushed,
}

/// <summary>A step of an image, for the progress view.</summary>
/// <param name="Digest">What it is now; null while it is being built.</param>
internal sealed record ImageReport(string Image, ImageStep Step, string? Digest);
