using MonoRepo.Deploy;
using MonoRepo.Deploy.Rendering;

namespace MonoRepo.Tests.Deploy;

public sealed class PersonalNamespaceTests
{
    [Theory]
    [InlineData("jane", "jane")]
    [InlineData("Jane", "jane")]
    [InlineData("jane-doe", "jane-doe")]
    [InlineData("jane.doe", "jane-doe-d4872")]
    [InlineData("jane_doe", "jane-doe-a79b8")]
    public void Of_Name_IsWhatDnsHolds(string user, string expected) => Assert.Equal(expected, PersonalNamespace.Of(user));

    [Fact]
    public void Of_NamesThatDifferInCharactersDnsLacks_DifferAsWell()
    {
        var longest = new string('x', 63);
        string[] users =
        [
            "jane.doe", "jane_doe", "jane doe", "jane-doe", "jane--doe", "-jane-doe", "jane-doe-", "jané-doe", "JANE\\doe",
            "jane@doe",
            longest, longest + "y", longest + "z",
        ];

        var namespaces = users.Select(PersonalNamespace.Of).ToList();

        Assert.Equal(namespaces, namespaces.Distinct());
        Assert.All(namespaces, n => Assert.Matches("^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$", n));
    }

    [Theory]
    [InlineData("default")]
    [InlineData("kube-system")]
    [InlineData("Kube.Public")]
    [InlineData("...")]
    public void Of_NameOfTheClustersOwn_IsRefused(string user) =>
        Assert.Contains("--as NAME", Assert.Throws<DeployException>(() => PersonalNamespace.Of(user)).Message);
}
