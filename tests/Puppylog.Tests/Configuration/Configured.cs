using Puppylog.Configuration;

namespace Puppylog.Tests.Configuration;

/// <summary>Configurations of a text, in an environment of the test's own.</summary>
static class Configured
{
    public const string File = "/etc/puppylog/puppylog.yaml";

    public static ConfigurationEnvironment Environment { get; } = new(
        name => name switch
        {
            "LOGS" => "/srv/logs",
            "EMPTY" => "",
            "SLACK_TOKEN" => "xoxb-123",
            "PORT" => "7000",
            _ => null,
        },
        path => path switch
        {
            "/etc/puppylog/token" => "abc-secret\n",
            "/run/empty" => "\n",
            "/etc/puppylog/ca.pem" => Forwarding.PlayedCertificates.AnyAuthority(),
            _ => throw new FileNotFoundException($"Could not find file '{path}'."),
        },
        Now: 1_800_000_000_000_000_000);

    public static PuppylogConfiguration Read(string yaml, ConfigurationUse use = ConfigurationUse.Any) => ConfigurationReader.Parse(File, yaml, Environment, use);

    /// <summary><c>line:column: message</c>, one a line.</summary>
    public static IReadOnlyList<string> Mistakes(string yaml, ConfigurationUse use = ConfigurationUse.Any)
    {
        try
        {
            Read(yaml, use);
            return [];
        }
        catch (ConfigurationException wrong)
        {
            return [.. wrong.Mistakes.Select(mistake => mistake.ToString().Replace($"{File}:", "", StringComparison.Ordinal))];
        }
    }
}
