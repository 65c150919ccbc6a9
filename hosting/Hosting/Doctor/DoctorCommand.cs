using System.CommandLine;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace MonoRepo.Hosting;

/// <summary>How much a finding matters.</summary>
internal enum DoctorVerdict
{
    /// <summary>As it should be.</summary>
    Ok,

    /// <summary>Something that only some uses need is missing.</summary>
    Optional,

    /// <summary>The graph can't be run.</summary>
    Failed,
}

/// <summary>What one check found.</summary>
/// <param name="Advice">What to do; null: nothing.</param>
internal sealed record DoctorFinding(string Check, DoctorVerdict Verdict, string Detail, string? Advice = null);

/// <summary>Checks what a run of this graph needs; <c>aspire doctor</c> knows neither its ports nor its tools.</summary>
internal sealed class DoctorCommand : AppHostCommand
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "How to write the result.",
        HelpName = "text|json",
        DefaultValueFactory = _ => "text",
    };

    public DoctorCommand()
        : base("doctor", "Check that this machine has what a run needs, and show how to fix it.")
    {
        _output.AcceptOnly(["text", "json"]);
        Add(_output);
    }

    public override async Task<int> ExecuteAsync(CommandContext context, CancellationToken cancellationToken)
    {
        var findings = await CheckAsync(context.Services, cancellationToken);
        if (context.Arguments.GetValue(_output) == "json")
        {
            context.Output.WriteLine(JsonSerializer.Serialize(findings, s_json));
        }
        else
        {
            Write(context.Output, findings);
        }

        return findings.Any(f => f.Verdict == DoctorVerdict.Failed) ? ExitCodes.Failed : ExitCodes.Done;
    }

    private static async Task<IReadOnlyList<DoctorFinding>> CheckAsync(
        IServiceProvider services, CancellationToken cancellationToken)
    {
        var model = services.GetRequiredService<DistributedApplicationModel>();
        var configuration = services.GetRequiredService<IConfiguration>();
        var sdk = ToolChecks.SdkAsync(cancellationToken);
        var dcp = ToolChecks.DcpAsync(
            FindProgram(configuration, "CliPath", "dcpclipath"), model.Resources.Any(r => r.IsContainer()), cancellationToken);
        var loopback = MachineChecks.LoopbackAsync(cancellationToken);
        var tools = Task.WhenAll(services.GetServices<OptionalTool>().DistinctBy(t => t.Name)
            .Select(t => ToolChecks.OptionalAsync(t, cancellationToken)));
        return
        [
            await sdk,
            .. await dcp,
            ToolChecks.Dashboard(FindProgram(configuration, "DashboardPath", "aspiredashboardpath")),
            await loopback,
            .. MachineChecks.Ports(model),
            MachineChecks.TemporaryFolder(),
            .. await tools,
        ];
    }

    // Where the configuration says, else where the build said.
    private static string? FindProgram(IConfiguration configuration, string key, string metadata) =>
        configuration[$"DcpPublisher:{key}"] is { Length: > 0 } path ? path
            : Assembly.GetEntryAssembly()?.GetCustomAttributes<AssemblyMetadataAttribute>()
            .LastOrDefault(a => a.Key == metadata)?.Value;

    private static void Write(TextWriter output, IReadOnlyList<DoctorFinding> findings)
    {
        var width = findings.Max(f => f.Check.Length);
        foreach (var finding in findings)
        {
            var mark = finding.Verdict switch
            {
                DoctorVerdict.Ok => "ok      ",
                DoctorVerdict.Optional => "optional",
                _ => "FAILED  "
            };
            output.WriteLine($"{mark}  {finding.Check.PadRight(width)}  {finding.Detail}");
            if (finding.Advice is { } advice)
            {
                output.WriteLine($"{new string(' ', width + 12)}{advice}");
            }
        }
    }
}
