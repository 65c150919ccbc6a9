using System.CommandLine;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using MonoRepo.Hosting.Run.Dcp;

namespace MonoRepo.Hosting.App.Verbs;

/// <summary>Looks at everything that a run needs, and says what to do about what is missing.</summary>
internal sealed class DoctorVerb : IVerb
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    private readonly Option<string> _output = new("--output") { Description = "text or json.", HelpName = "text|json", DefaultValueFactory = _ => "text" };

    public DoctorVerb()
    {
        _output.AcceptOnlyFromAmong("text", "json");
        Command = new Command("doctor", "Check what a run needs on this machine, and say what to do.") { _output };
    }

    public Command Command { get; }

    public DistributedApplicationOperation Operation => DistributedApplicationOperation.Run;

    public async Task<int> ExecuteAsync(VerbContext context, CancellationToken cancellationToken)
    {
        var findings = await CheckAsync(context.Services, cancellationToken).ConfigureAwait(false);
        if (context.Arguments.GetValue(_output) == "json")
        {
            context.Output.WriteLine(JsonSerializer.Serialize(findings, _json));
        }
        else
        {
            Write(context.Output, findings);
        }

        return findings.Any(finding => finding.Verdict == DoctorVerdict.Failed) ? ExitCodes.Failed : ExitCodes.Done;
    }

    private static async Task<IReadOnlyList<DoctorFinding>> CheckAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        var model = services.GetRequiredService<DistributedApplicationModel>();
        var dashboard = BundleChecks.Dashboard(
            services.GetRequiredService<IConfiguration>()["DcpPublisher:DashboardPath"], Assembly.GetEntryAssembly());
        var dcp = BundleChecks.DcpAsync(
            services.GetRequiredService<DcpProgram>(), model.Resources.Any(resource => resource.IsContainer()), cancellationToken);
        var sdk = ToolChecks.SdkAsync(cancellationToken);
        var kubectl = ToolChecks.KubectlAsync(cancellationToken);
        var tools = ToolChecks.OptionalAsync(services.GetServices<OptionalTool>(), cancellationToken);
        var loopback = MachineChecks.LoopbackAsync(cancellationToken);
        var isBundleThere = dashboard.Verdict == DoctorVerdict.Ok && (await dcp.ConfigureAwait(false))[0].Verdict == DoctorVerdict.Ok;
        return
        [
            await sdk.ConfigureAwait(false),
            await ToolChecks.NpmAsync(isBundleThere, cancellationToken).ConfigureAwait(false),
            .. await dcp.ConfigureAwait(false),
            dashboard,
            await loopback.ConfigureAwait(false),
            .. MachineChecks.Ports(model),
            MachineChecks.TemporaryFolder(),
            await kubectl.ConfigureAwait(false),
            .. await tools.ConfigureAwait(false),
        ];
    }

    private static void Write(TextWriter output, IReadOnlyList<DoctorFinding> findings)
    {
        var width = findings.Max(finding => finding.Check.Length);
        foreach (var finding in findings)
        {
            var mark = finding.Verdict switch { DoctorVerdict.Ok => "ok      ", DoctorVerdict.Optional => "optional", _ => "FAILED  " };
            output.WriteLine($"{mark}  {finding.Check.PadRight(width)}  {finding.Detail}");
            if (finding.Advice is { } advice)
            {
                output.WriteLine($"{new string(' ', width + 12)}{advice}");
            }
        }
    }
}
