namespace MonoRepo.Deploy.Setup;

/// <summary>The priority classes that every pod names one of; <c>setup</c> creates them.</summary>
internal static class PriorityClasses
{
    /// <summary>Pods of ordinary services.</summary>
    public const string Service = "monorepo-service";

    /// <summary>Members that hold data: a crowded node evicts them last.</summary>
    public const string Stateful = "monorepo-stateful";
}
