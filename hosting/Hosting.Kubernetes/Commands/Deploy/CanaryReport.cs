using System.Globalization;
using System.Text.Json.Nodes;
using MathNet.Numerics.Statistics;
using MonoRepo.Deploy.Canary;

namespace MonoRepo.Hosting.Kubernetes.Commands;

/// <summary>What a comparison of a canary with its baseline came to.</summary>
internal static class CanaryReport
{
    /// <summary>Writes a table and what to do next, or a document.</summary>
    public static async Task WriteAsync(
        EnvironmentContext environment, OutputOption output, string resource, CanaryResult result, TextWriter console)
    {
        var (context, options) = (environment.Command, environment.Target.Options);
        if (output.IsStructured(context))
        {
            await output.WriteAsync(context, DeployJson.Create(environment.Target, new()
            {
                ["resource"] = resource,
                ["verdict"] = Text(result.Verdict),
                ["look"] = result.Look,
                ["looks"] = result.Looks,
                ["metrics"] = new JsonArray([.. result.Metrics.Select(m => (JsonNode)new JsonObject
                {
                    ["metric"] = m.Samples.Metric,
                    ["verdict"] = Text(m.Verdict),
                    ["required"] = m.Samples.IsRequired,
                    ["baseline"] = Side(m.Samples.Baseline),
                    ["canary"] = Side(m.Samples.Canary),
                    ["effect"] = m.Effect,
                    ["p"] = m.P,
                })]),
            }));
            return;
        }

        await console.WriteLineAsync(
            $"{"metric",-16} {"baseline",12} {"canary",12} {"values",9} {"effect",7} {"p",8}  verdict");
        foreach (var metric in result.Metrics)
        {
            var (before, after) = (metric.Samples.Baseline, metric.Samples.Canary);
            await console.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"{metric.Samples.Metric,-16} {before.Median(),12:G4} {after.Median(),12:G4} " +
                $"{$"{before.Count}/{after.Count}",9} {metric.Effect,7:F2} {metric.P,8:G2}  {Text(metric.Verdict)}"));
        }

        await console.WriteLineAsync(result.Verdict switch
        {
            Verdict.Pass => $"pass: nothing is worse. `canary promote {resource} {options}` takes the candidate over.",
            Verdict.Fail => $"fail, at look {result.Look} of {result.Looks}. `canary abort {resource} {options}` removes the " +
                "candidate.",
            _ => $"inconclusive: a metric has fewer than {CanaryJudge.DefaultMinimum} values a side. Judge for longer, or " +
                "send it calls.",
        });
    }

    private static JsonObject Side(IReadOnlyList<double> values) =>
        new() { ["median"] = values.Count == 0 ? null : values.Median(), ["values"] = values.Count };

    private static string Text(Verdict verdict) => verdict.ToString().ToLowerInvariant();
}
