using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Hosting;

/// <summary>Whose tokens prove to a service who its end users are.</summary>
internal sealed record EndUsersAnnotation(string Authority, string Audience, SourceLine Line) : IResourceAnnotation
{
    /// <summary>The provider's address; null where it isn't one.</summary>
    public static Uri? ParseAuthority(string authority) =>
        Uri.TryCreate(authority, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && uri is { Query: "", Fragment: "", UserInfo: "" }
            ? uri
            : null;

    /// <summary>What is wrong with it, and what would be right.</summary>
    public IEnumerable<(string Problem, string Fix)> Check()
    {
        if (ParseAuthority(Authority) is null)
        {
            yield return ($"'{Authority}' isn't the address of an OpenID provider",
                "use one such as https://login.example.com; http is for loopback only");
        }

        if (string.IsNullOrWhiteSpace(Audience))
        {
            yield return ("the audience is empty", "name what the provider puts into tokens for this service, such as 'todo'");
        }
    }
}
