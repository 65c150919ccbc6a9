namespace Aspire.Hosting.Testing;

/// <summary>The builder of an AppHost's Program.cs, with its graph.</summary>
/// <param name="program">The run of Program.cs, held at Build.</param>
/// <param name="inner">Its builder.</param>
internal sealed class ProgramTestingBuilder(ProgramRun program, DistributedApplicationBuilder inner) : TestingBuilder(inner)
{
    /// <inheritdoc />
    public override Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) => program.BuildAsync(cancellationToken);

    /// <inheritdoc />
    public override ValueTask DisposeAsync() => program.DisposeAsync();
}
