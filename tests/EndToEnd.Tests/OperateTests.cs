namespace MonoRepo.Tests;

/// <summary>The verbs that look at an environment and make what it needs.</summary>
public sealed class OperateTests
{
    [Fact]
    public async Task SecretsAreNeededSetAndNeverShown()
    {
        await using var environment = await PersonalEnvironment.CreateAsync("AppHost");
        var missing = await environment.RunAsync("secrets");
        Assert.Equal(1, missing.ExitCode);
        Assert.Contains("missing  parameters/redis-password  read by ", missing.Output, StringComparison.Ordinal);

        var set = (await environment.RunAsync("secrets", "set", "--generate")).Done();
        (await environment.RunAsync("secrets")).Done();
        var password = await environment.KubectlAsync("get", "secret", "parameters", "-o", "jsonpath={.data.redis-password}");
        Assert.DoesNotContain(System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(password)), set, StringComparison.Ordinal);
        Assert.Equal(1, (await environment.RunAsync("secrets", "set", "redis-password", "--generate")).ExitCode);

        var refused = await environment.RunAsync("secrets", "rotate", "redis-password", "--generate");
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("would refuse each other", refused.Error, StringComparison.Ordinal);
        Assert.Equal(password, await environment.KubectlAsync("get", "secret", "parameters", "-o", "jsonpath={.data.redis-password}"));
    }
}
