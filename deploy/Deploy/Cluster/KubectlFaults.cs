using System.Text.RegularExpressions;
using MonoRepo.Deploy.Apply;
using MonoRepo.Deploy.Model;

namespace MonoRepo.Deploy.Cluster;

/// <summary>
/// kubectl's standard error as faults. It writes a line for most faults, several for some (field conflicts list the fields), log lines of
/// its libraries (<c>E1121 14:31:25.604720 …</c>) and warnings in between; texts are those of kubectl 1.30 to 1.36.
/// </summary>
internal static partial class KubectlFaults
{
    private static readonly (string Text, KubectlFault Fault, string Mend)[] s_known =
    [
        ("is not set", KubectlFault.NoContext, "Choose one with `kubectl config use-context`."),
        ("no configuration has been provided", KubectlFault.NoContext, "Set KUBECONFIG, or choose a context with `kubectl config use-context`."),
        ("context was not found", KubectlFault.NoContext, "`kubectl config get-contexts` shows what there is."),
        ("context \"", KubectlFault.NoContext, "`kubectl config get-contexts` shows what there is."),
        ("was refused - did you specify the right host", KubectlFault.Unreachable, "Is the cluster running?"),
        ("Unable to connect to the server", KubectlFault.Unreachable, "Is the cluster running, and can this machine reach it?"),
        ("connection refused", KubectlFault.Unreachable, "Is the cluster running?"),
        ("no route to host", KubectlFault.Unreachable, "Can this machine reach the cluster?"),
        ("connection reset by peer", KubectlFault.Unreachable, "Is the cluster running?"),
        ("error: EOF", KubectlFault.Unauthorized, "kubectl wanted to ask for a user name: the kubeconfig has no credentials for this context. Log in to the cluster."),
        ("(Unauthorized)", KubectlFault.Unauthorized, "Log in to the cluster again."),
        ("asked for the client to provide credentials", KubectlFault.Unauthorized, "Log in to the cluster again."),
        ("exceeded quota", KubectlFault.QuotaExceeded, "Free some of it, or raise it with WithResourceQuota."),
        ("because it is being terminated", KubectlFault.NamespaceTerminating, "Wait until it is gone, then run `setup`."),
        ("(Forbidden)", KubectlFault.Forbidden, "Ask an administrator for the right, or for running `setup`."),
        ("no matches for kind", KubectlFault.KindMissing, "Run `setup`, which installs CustomResourceDefinitions."),
        ("doesn't have a resource type", KubectlFault.KindMissing, "Run `setup`, which installs CustomResourceDefinitions."),
        ("Apply failed with", KubectlFault.FieldConflict, "--force-conflicts takes the fields over."),
        ("the object has been modified", KubectlFault.Conflict, "Somebody else changed it at the same time; run it again."),
        ("(Conflict)", KubectlFault.Conflict, "Somebody else changed it at the same time; run it again."),
        ("(AlreadyExists)", KubectlFault.AlreadyExists, ""),
        ("namespaces \"", KubectlFault.NamespaceMissing, "Run `setup`, which makes it."),
        ("(NotFound)", KubectlFault.NotFound, ""),
        ("field is immutable", KubectlFault.Immutable, ""),
        ("updates to statefulset spec for fields other than", KubectlFault.Immutable, ""),
        (" is invalid", KubectlFault.Invalid, ""),
        ("(BadRequest)", KubectlFault.Invalid, ""),
        ("space exceeded", KubectlFault.NoSpace, "The cluster's database is full: an administrator has to compact it."),
        ("no space left on device", KubectlFault.NoSpace, "Free some space."),
        ("deadline exceeded", KubectlFault.Timeout, "Is the cluster busy? Run it again."),
        ("(Timeout)", KubectlFault.Timeout, "Is the cluster busy? Run it again."),
        ("timed out", KubectlFault.Timeout, "Is the cluster busy? Run it again."),
    ];

    public static KubectlException Read(string error, KubectlTarget target)
    {
        var errors = Paragraphs(error).Select(p => Classify(p, target)).DistinctBy(e => e.Message).ToList();

        // An API that does not answer breaks several calls; one line says it.
        var first = errors.FirstOrDefault(e => e.Fault is KubectlFault.Unreachable or KubectlFault.Unauthorized or KubectlFault.NoContext);
        return first is not null ? new([first])
            : errors.Count > 0 ? new(errors)
            : new(KubectlFault.Other, $"{Place(target)}: kubectl failed and did not say why.");
    }

    private static KubectlError Classify(string paragraph, KubectlTarget target)
    {
        var known = Array.Find(s_known, k => paragraph.Contains(k.Text, StringComparison.Ordinal));
        var text = Prefix().Replace(paragraph, "").TrimEnd('.', ' ');
        return new(known.Fault, $"{Place(target)}: {text}.{(string.IsNullOrEmpty(known.Mend) ? "" : " " + known.Mend)}");
    }

    private static string Place(KubectlTarget target) => $"Context '{target.Context}', namespace '{target.Namespace}'";

    /// <summary>Lines that belong together, on one line; a list of fields follows its heading.</summary>
    private static IEnumerable<string> Paragraphs(string error)
    {
        var paragraphs = new List<string>();
        foreach (var line in error.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("Warning:", StringComparison.Ordinal) || LibraryLog().IsMatch(line))
            {
                continue;
            }

            // "Please review the fields above--they currently have other managers." and four more lines of advice
            if (line.StartsWith("Please review the fields above", StringComparison.Ordinal))
            {
                paragraphs.Add("");
                continue;
            }

            if (paragraphs is [.., ""] && !IsStart(line))
            {
                continue;
            }

            if (paragraphs.Count > 0 && paragraphs[^1].Length > 0 && !IsStart(line))
            {
                paragraphs[^1] += (line.StartsWith('-') ? " " : "; ") + line.TrimStart('-', '*', ' ');
            }
            else
            {
                paragraphs.Add(line);
            }
        }

        return paragraphs.Where(p => p.Length > 0);
    }

    private static bool IsStart(string line) => Start().IsMatch(line);

    // error: …   Error from server (…): …   The Service "x" is invalid: …   Unable to connect …   The connection to the server …
    [GeneratedRegex(@"^(error|Error|Unable|The connection|The \S+ ""|resource mapping|unable)\b|^The \S+ """)]
    private static partial Regex Start();

    [GeneratedRegex(@"^(error: |Error in configuration: |Error from server( \((?:Forbidden|NotFound|Conflict|AlreadyExists|BadRequest|InternalError|Timeout)\))?: |error when \w+ ""STDIN"": )+")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"^[EWIF]\d{4} \d\d:\d\d:\d\d")]
    private static partial Regex LibraryLog();
}
