using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace MonoRepo.Tests;

public sealed class NameTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("redis-1")]
    [InlineData("A-1-b")]
    public void LegalNamesAreTaken(string name) => Assert.Equal(name, Graph.Create().AddExecutable(name, "x", ".").Resource.Name);

    [Theory]
    [InlineData("1a", "Resource name '1a' is invalid. Name must start with an ASCII letter.")]
    [InlineData("a--b", "Resource name 'a--b' is invalid. Name cannot contain consecutive hyphens.")]
    [InlineData("a-", "Resource name 'a-' is invalid. Name cannot end with a hyphen.")]
    [InlineData("a_b", "Resource name 'a_b' is invalid. Name must contain only ASCII letters, digits, and hyphens.")]
    [InlineData("ä", "Resource name 'ä' is invalid. Name must contain only ASCII letters, digits, and hyphens.")]
    public void IllegalNamesAreRefusedWithTheRuleThatTheyBreak(string name, string message)
    {
        var fault = Assert.ThrowsAny<ArgumentException>(() => Graph.Create().AddExecutable(name, "x", "."));
        Assert.Equal(message, fault.Message);
    }

    [Fact]
    public void NamesOfMoreThan64CharactersAreRefused()
    {
        Graph.Create().AddExecutable(new string('a', 64), "x", ".");
        var fault = Assert.ThrowsAny<ArgumentException>(() => Graph.Create().AddExecutable(new string('a', 65), "x", "."));
        Assert.EndsWith("Name must be between 1 and 64 characters long.", fault.Message);
    }

    [Fact]
    public void ASecondResourceOfOneNameIsRefusedWithoutRegardToCase()
    {
        var builder = Graph.Create();
        builder.AddParameter("one");
        var fault = Assert.Throws<DistributedApplicationException>(() => builder.AddExecutable("ONE", "x", "."));
        Assert.Equal($"Cannot add resource of type '{typeof(ExecutableResource)}' with name 'ONE' because resource of type '{typeof(ParameterResource)}' with that name already exists. Resource names are case-insensitive.", fault.Message);
    }

    [Fact]
    public void APolicyLiftsTheRules()
    {
        var resource = new ExecutableResource("a--b", "x", ".");
        resource.Annotations.Add(NameValidationPolicyAnnotation.None);
        Assert.Equal("a--b", Graph.Create().AddResource(resource).Resource.Name);
    }

    [Fact]
    public void EndpointNamesFollowTheSameRules() => Assert.Equal(
        "EndpointAnnotation name 'a b' is invalid. Name must contain only ASCII letters, digits, and hyphens. (Parameter 'name')",
        Assert.Throws<ArgumentException>(() => Graph.Create().AddExecutable("a", "x", ".").WithHttpEndpoint(name: "a b")).Message);
}
