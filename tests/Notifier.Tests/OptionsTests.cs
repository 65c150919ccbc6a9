using Microsoft.Extensions.Configuration;
using MonoRepo.Notifier;
using MonoRepo.ServiceDefaults;

namespace MonoRepo.Tests;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("Leese", "1", "Notifier has no such setting: 'Leese'.")]
    [InlineData("Receivers:me:Irc:Sever", "x", "Irc has no such setting: 'Sever'.")]
    [InlineData(
        "Receivers:me:Irc:Port", "abc",
        "Failed to convert configuration value 'abc' at 'Notifier:Receivers:me:Irc:Port' to type 'System.Int32'.")]
    [InlineData("Lease", "soon", "Failed to convert configuration value 'soon' at 'Notifier:Lease' to type 'System.TimeSpan'.")]
    [InlineData("Lease", "30", "Notifier__Lease is 30.00:00:00; it is a time such as 00:30:00, of at most 7 days.")]
    [InlineData("Receivers:me:Severity", "pgae", "Notifier__Receivers__me__Severity is 'pgae'; it is page or ticket.")]
    public void WhatIsWrongIsNamed(string key, string value, string problem)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Notifier:Token"] = "secret",
            ["Notifier:Receivers:me:Irc:Server"] = "irc.example.org",
            ["Notifier:Receivers:me:Irc:Channel"] = "#ops",
            [$"Notifier:{key}"] = value,
        }).Build();

        Assert.Equal(problem, Assert.Throws<ConfigurationException>(() => NotifierOptions.Read(configuration)).Message);
    }

    [Fact]
    public void AllMistakesOfAReceiver_AreNamedAtOnce()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Notifier:Token"] = "secret",
            ["Notifier:Receivers:me:Email:From"] = "notifier",
            ["Notifier:Receivers:me:Email:To"] = "ops@example.org, jane",
            ["Notifier:Receivers:me:Email:Username"] = "bot",
            ["Notifier:Receivers:me:Email:CertificateAuthority"] = "missing.pem",
        }).Build();

        string[] problems =
        [
            "Server is '' and Port 587; they are a host such as smtp.example.org and its port.",
            "From is 'notifier'; it is an address such as notifier@example.org.",
            "To is 'ops@example.org, jane'; it is one or more addresses such as ops@example.org, separated by commas.",
            "Username and …Password go together.",
            "CertificateAuthority: there is no file 'missing.pem'.",
        ];
        Assert.Equal(
            string.Join(' ', problems.Select(problem => $"Notifier__Receivers__me__Email__{problem}")),
            Assert.Throws<ConfigurationException>(() => NotifierOptions.Read(configuration)).Message);
    }

    [Fact]
    public void Settings_AreRefused_AllAtOnce()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Notifier:Lease"] = "00:00:00",
            ["Notifier:Receivers:a b:Irc:Server"] = "irc.example.org",
            ["Notifier:Receivers:a b:Irc:Channel"] = "ops\r\nQUIT",
            ["Notifier:Receivers:a b:Irc:Username"] = "bot",
            ["Notifier:Receivers:phone:Fcm:ServiceAccount"] = "{ \"type\": \"service_account\" }",
            ["Notifier:Receivers:phone:Quiet:From"] = "22:00",
            ["Notifier:Receivers:phone:Quiet:TimeZone"] = "Europe/Nowhere",
            ["Notifier:Receivers:phone:Rate:Burst"] = "0",
        }).Build();

        var message = Assert.Throws<ConfigurationException>(() => NotifierOptions.Read(configuration)).Message;

        Assert.All(
            (string[])[
                "Notifier__Token is missing", "Notifier__Lease is 00:00:00", "'a b' isn't a valid name", "a b__Irc__Channel is",
                "a b__Irc__Username and", "phone__Fcm__Topic or", "phone__Fcm__ServiceAccount isn't",
                "phone__Quiet is from '22:00' to ''", "phone__Quiet__TimeZone is 'Europe/Nowhere'", "phone__Rate has to be",
            ],
            part => Assert.Contains(part, message, StringComparison.Ordinal));
    }
}
