using Aspire.Hosting;

namespace MonoRepo.Hosting.Run.Dcp;

/// <summary>DCP ended though nobody asked it to.</summary>
internal sealed class DcpGoneException(Exception cause) : DistributedApplicationException(
    "DCP, the orchestrator, ended unexpectedly and its resources with it. Was it killed, or is memory short? Start the AppHost again.", cause);
