namespace Aspire.Hosting.ApplicationModel;

/// <summary>The image of a container.</summary>
public sealed class ContainerImageAnnotation : IResourceAnnotation
{
    /// <summary>Registry; null means the runtime's own default.</summary>
    public string? Registry { get; set; }

    /// <summary>Image without registry and tag.</summary>
    public required string Image { get; set; }

    /// <summary>Tag; excludes a digest.</summary>
    public string? Tag
    {
        get;
        set
        {
            field = value;
            if (value is not null)
            {
                SHA256 = null;
            }
        }
    }

    /// <summary>Digest without "sha256:"; excludes a tag.</summary>
    public string? SHA256
    {
        get;
        set
        {
            field = value;
            if (value is not null)
            {
                Tag = null;
            }
        }
    }
}
