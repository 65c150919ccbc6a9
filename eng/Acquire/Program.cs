using MonoRepo.Acquire;

const int Done = 0, Failed = 1, BadUsage = 2;
AcquireOptions options;
try
{
    options = AcquireOptions.Parse(args);
}
catch (ArgumentException e)
{
    Console.Error.WriteLine(e.Message);
    return BadUsage;
}

try
{
    // A fault file means that a build started us; then somebody waits at a terminal who may see nothing of this output.
    await new Acquisition(options, options.FaultFile is null ? Console.Out : new BuildProgress(Console.Out)).RunAsync();
    return Done;
}
catch (AcquisitionException e)
{
    var line = $"{e.Code}: {e.Message}";
    if (options.FaultFile is { } file)
    {
        File.WriteAllText(file, line);
    }
    else
    {
        Console.Error.WriteLine(line);
    }

    return Failed;
}
