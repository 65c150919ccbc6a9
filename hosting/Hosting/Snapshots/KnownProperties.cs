namespace MonoRepo.Hosting;

/// <summary>Names of properties that the dashboard knows.</summary>
public static class KnownProperties
{
    /// <summary>What the resource is made from: an image, a program, a configuration key.</summary>
    public const string Source = "resource.source";

    /// <summary>The parent.</summary>
    public const string ParentName = "resource.parentName";

    /// <summary>Instances that the resource waits for.</summary>
    public const string WaitingFor = "resource.waitingFor";

    /// <summary>The connection string.</summary>
    public const string ConnectionString = "resource.connectionString";

    /// <summary>The parts of the connection.</summary>
    public const string ConnectionProperties = "resource.connectionProperties";

    /// <summary>Command-line arguments that the user stated.</summary>
    public const string AppArgs = "resource.appArgs";

    /// <summary>Which of <see cref="AppArgs"/> are sensitive.</summary>
    public const string AppArgsSensitivity = "resource.appArgsSensitivity";

    /// <summary>Program.</summary>
    public const string ExecutablePath = "executable.path";

    /// <summary>Process id.</summary>
    public const string ExecutablePid = "executable.pid";

    /// <summary>Folder that the program runs in.</summary>
    public const string ExecutableWorkDir = "executable.workDir";

    /// <summary>Command-line arguments.</summary>
    public const string ExecutableArgs = "executable.args";

    /// <summary>Project file.</summary>
    public const string ProjectPath = "project.path";

    /// <summary>Launch profile.</summary>
    public const string ProjectLaunchProfile = "project.launchProfile";

    /// <summary>Container id.</summary>
    public const string ContainerId = "container.id";

    /// <summary>Image.</summary>
    public const string ContainerImage = "container.image";

    /// <summary>Ports.</summary>
    public const string ContainerPorts = "container.ports";

    /// <summary>Program in the container.</summary>
    public const string ContainerCommand = "container.command";

    /// <summary>Command-line arguments in the container.</summary>
    public const string ContainerArgs = "container.args";

    /// <summary>How long the container lives.</summary>
    public const string ContainerLifetime = "container.lifetime";

    /// <summary>Value of a parameter.</summary>
    public const string ParameterValue = "Value";
}
