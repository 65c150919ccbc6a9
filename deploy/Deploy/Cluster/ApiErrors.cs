using System.Net;
using System.Text.Json;
using k8s;
using k8s.Models;

namespace MonoRepo.Deploy.Cluster;

/// <summary>
/// What the API server's refusals mean, and how to fix them. A refusal is a <see cref="V1Status"/> with a reason and causes.
/// </summary>
internal static class ApiErrors
{
    /// <summary>Reads the body of an answer that is no success.</summary>
    public static ClusterError Read(HttpStatusCode code, string body, ClusterTarget target, ObjectKey? about)
    {
        var status = Status(body) ?? new V1Status { Code = (int)code, Message = OneLine.Of(body) };
        var reason = Reason(status, code);
        var text = Text(status, code).TrimEnd('.', ' ');
        if (about is not null && !text.Contains($"\"{about.Name}\"", StringComparison.Ordinal))
        {
            text = $"{about}: {text}";
        }

        return new(reason, $"{target}: {text}.{(Fix(reason) is { } fix ? " " + fix : "")}", about);
    }

    /// <summary>The API server couldn't be reached.</summary>
    public static ClusterError Unreachable(Exception exception, ClusterTarget target, Uri server)
    {
        var cause = exception;
        while (cause is HttpRequestException or IOException && cause.InnerException is { } inner)
        {
            cause = inner;
        }

        var fix = cause is System.Security.Authentication.AuthenticationException
            ? "The kubeconfig's certificate authority is of another cluster, or the server's name is another one."
            : "Is the cluster running, and can this machine reach it?";
        return new(ClusterErrorReason.Unreachable,
            $"{target}: the API server {server.GetLeftPart(UriPartial.Authority)} doesn't answer: " +
            $"{OneLine.Of(cause.Message).TrimEnd('.')}. {fix}");
    }

    /// <summary>The API server took too long.</summary>
    public static ClusterError TimedOut(ClusterTarget target, TimeSpan after) =>
        new(ClusterErrorReason.Timeout,
            $"{target}: the API server didn't answer within {after.TotalSeconds:0} s. {Fix(ClusterErrorReason.Timeout)}");

    /// <summary>The cluster doesn't have a kind.</summary>
    public static ClusterError UnknownKind(ClusterTarget target, ResourceKind kind) =>
        new(ClusterErrorReason.UnknownKind,
            $"{target}: the cluster doesn't have the kind {kind}. {Fix(ClusterErrorReason.UnknownKind)}");

    private static V1Status? Status(string body)
    {
        try
        {
            return body.StartsWith('{') && KubernetesJson.Deserialize<V1Status>(body) is { Kind: "Status" } status
                ? status
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ClusterErrorReason Reason(V1Status status, HttpStatusCode code)
    {
        var causes = status.Details?.Causes?.Select(c => c.Reason).ToList() ?? [];
        var message = status.Message ?? "";
        return (status.Reason, code) switch
        {
            ("Unauthorized", _) or (null, HttpStatusCode.Unauthorized) => ClusterErrorReason.Unauthorized,
            ("Forbidden", _) when causes.Contains("NamespaceTerminating") => ClusterErrorReason.NamespaceTerminating,

            // A quota has no reason of its own: pods "a" is forbidden: exceeded quota: q, requested: …
            ("Forbidden", _) when message.Contains("exceeded quota", StringComparison.Ordinal) =>
                ClusterErrorReason.QuotaExceeded,
            ("Forbidden", _) or (null, HttpStatusCode.Forbidden) => ClusterErrorReason.Forbidden,
            ("NotFound", _) when status.Details?.Kind == "namespaces"
                || message.StartsWith("namespaces \"", StringComparison.Ordinal) => ClusterErrorReason.NamespaceNotFound,

            // The path of a kind that isn't served names no object.
            ("NotFound", _) when string.IsNullOrEmpty(status.Details?.Name) && !message.Contains('"', StringComparison.Ordinal) =>
                ClusterErrorReason.UnknownKind,
            ("NotFound", _) => ClusterErrorReason.NotFound,
            (null, HttpStatusCode.NotFound) => ClusterErrorReason.UnknownKind,
            ("AlreadyExists", _) => ClusterErrorReason.AlreadyExists,
            ("Conflict", _) when causes.Contains("FieldManagerConflict")
                || message.StartsWith("Apply failed with", StringComparison.Ordinal) => ClusterErrorReason.FieldConflict,
            ("Conflict", _) => ClusterErrorReason.Conflict,
            ("Expired" or "Gone", _) or (_, HttpStatusCode.Gone) => ClusterErrorReason.Expired,
            ("Invalid", _) when IsImmutable(message) => ClusterErrorReason.Immutable,
            ("Invalid" or "BadRequest", _) => ClusterErrorReason.Invalid,
            (_, _) when message.Contains("failed to create typed patch object", StringComparison.Ordinal) =>
                ClusterErrorReason.Invalid,
            (_, _) when message.Contains("database space exceeded", StringComparison.Ordinal) => ClusterErrorReason.StorageFull,
            ("Timeout" or "ServerTimeout", _) or (_, HttpStatusCode.GatewayTimeout) => ClusterErrorReason.Timeout,
            ("TooManyRequests" or "ServiceUnavailable", _)
                or (_, HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable or HttpStatusCode.BadGateway)
                => ClusterErrorReason.Overloaded,
            _ => ClusterErrorReason.Other,
        };
    }

    // spec.selector: Invalid value: …: field is immutable; spec: Forbidden: updates to statefulset spec for fields other than
    // 'replicas', …
    private static bool IsImmutable(string message) =>
        message.Contains("field is immutable", StringComparison.Ordinal)
        || message.Contains("updates to statefulset spec", StringComparison.Ordinal);

    private static string Text(V1Status status, HttpStatusCode code)
    {
        // failed to create typed patch object (jane/web; apps/v1, Kind=Deployment): .spec.replica: field not declared in schema
        var message = OneLine.Of(status.Message, longest: 2000);
        var at = message.StartsWith("failed to create typed patch object", StringComparison.Ordinal) ? message.IndexOf(
            "): ", StringComparison.Ordinal) : -1;
        return at >= 0 ? message[(at + 3)..] : message.Length > 0 ? message : $"the API server answered {(int)code} {code}";
    }

    private static string? Fix(ClusterErrorReason reason) => reason switch
    {
        ClusterErrorReason.Unauthorized => "Log in to the cluster again.",
        ClusterErrorReason.Forbidden => "Ask an administrator for the role that `setup` offers.",
        ClusterErrorReason.QuotaExceeded => "Free some of it, or raise it with WithResourceQuota.",
        ClusterErrorReason.NamespaceTerminating => "Wait until it is gone, then run `setup`.",
        ClusterErrorReason.NamespaceNotFound => "Run `setup`, which creates it.",
        ClusterErrorReason.UnknownKind => "Run `setup`, which installs CustomResourceDefinitions.",
        ClusterErrorReason.FieldConflict => "--force-conflicts takes the fields over.",
        ClusterErrorReason.Conflict => "Somebody else changed it at the same time; run it again.",
        ClusterErrorReason.StorageFull => "The cluster's database is full: an administrator has to compact it.",
        ClusterErrorReason.Timeout or ClusterErrorReason.Overloaded => "Is the cluster busy? Run it again.",
        _ => null,
    };
}
