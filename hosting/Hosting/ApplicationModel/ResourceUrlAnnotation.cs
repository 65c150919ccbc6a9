namespace Aspire.Hosting.ApplicationModel;

/// <summary>A link of a resource in the dashboard.</summary>
public sealed class ResourceUrlAnnotation : IResourceAnnotation
{
    /// <summary>The URL; relative ones are completed by the endpoint's.</summary>
    public required string Url { get; set; }

    /// <summary>Text of the link; null means the URL.</summary>
    public string? DisplayText { get; set; }

    /// <summary>The endpoint that the link belongs to.</summary>
    public EndpointReference? Endpoint { get; init; }

    /// <summary>Order among the links; the greatest comes first.</summary>
    [Obsolete("DisplayOrder was incorrectly created as a field. It will be re-added as a property in a future Aspire version.")]
    public int? DisplayOrder;

    /// <summary>Where the link is shown.</summary>
    public UrlDisplayLocation DisplayLocation { get; set; }
}

/// <summary>Where a link is shown.</summary>
public enum UrlDisplayLocation
{
    /// <summary>In the table and in the details.</summary>
    SummaryAndDetails,

    /// <summary>In the details only.</summary>
    DetailsOnly,
}
