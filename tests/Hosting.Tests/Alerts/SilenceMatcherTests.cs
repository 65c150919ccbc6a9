using MonoRepo.Hosting;

namespace MonoRepo.Tests;

public sealed class SilenceMatcherTests
{
    [Theory]
    [InlineData("RedisSlotsLost", "alertname=\"RedisSlotsLost\"")]
    [InlineData("severity=page", "severity=\"page\"")]
    [InlineData("job!=redis", "job!=\"redis\"")]
    [InlineData("pod=~\"a b|c=d\"", "pod=~\"a b|c=d\"")]
    [InlineData("pod!~web-.*", "pod!~\"web-.*\"")]
    [InlineData("pod=", "pod=\"\"")]
    public void Matchers_AreReadAsAmtoolDoes(string word, string matcher)
    {
        var errors = new List<string>();

        Assert.Equal([matcher], SilenceMatcher.Parse([word], errors).Select(m => m.ToString()));
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("1=2")]
    [InlineData("=x")]
    [InlineData("a==\"b")]
    [InlineData("pod=~[")]
    [InlineData("pod=~(a)\\1")]
    [InlineData("environment=~.*")]
    [InlineData("A B")]
    public void Mistakes_AreALineEach(string words)
    {
        var errors = new List<string>();

        SilenceMatcher.Parse(words.Split(' '), errors);

        Assert.Single(errors);
    }
}
