using System.Globalization;
using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.Power;

/// <summary>
/// How ipmitool is told which BMC to speak to, and what its complaints mean. The password goes in by its standard input: others
/// on this machine see the arguments of a program.
/// </summary>
internal sealed record IpmiTool(BmcSettings Bmc, string Password)
{
    /// <summary>Bytes of a password (IPMI 2.0, 22.30): ipmitool would ask nobody for a shorter one.</summary>
    private const int LongestPassword = 20;

    /// <summary>What its standard input begins with.</summary>
    /// <exception cref="PowerException">There is no such password in IPMI.</exception>
    public byte[] PasswordLine()
    {
        var line = Encoding.UTF8.GetBytes(Password + "\n");
        return line.Length - 1 <= LongestPassword ? line : throw new PowerException(
            PowerFailure.NotDescribed,
            $"knows no passwords of more than {LongestPassword} bytes; that in {Bmc.PasswordFile} is");
    }

    /// <param name="input">Writes its standard input, and the password first.</param>
    /// <param name="output">Reads its standard output as it comes; <c>null</c> for it to be kept.</param>
    public ProgramRun Run(
        IReadOnlyList<string> what,
        TimeSpan limit,
        Func<Stream, CancellationToken, Task> input,
        Func<Stream, CancellationToken, Task>? output = null) =>
        new("ipmitool", Arguments(what), limit) { Input = input, Output = output, IsFollowed = output is not null };

    /// <param name="said">By ipmitool 1.8.19.</param>
    public PowerException Refusal(IReadOnlyList<string> what, string said) =>
        said.Contains("HMAC is invalid", StringComparison.Ordinal) ? new(
            PowerFailure.NotLetIn, $"does not take the password in {Bmc.PasswordFile} for the user {Bmc.User}: correct either")
        : said.Contains("unauthorized name", StringComparison.Ordinal) ? new(
            PowerFailure.NotLetIn, $"has no user {Bmc.User} who may log in over the network: correct user, or enable it there")
        : said.Contains("open session response", StringComparison.Ordinal) ? new(
            PowerFailure.Refused, $"refuses the session: {Last(said, "open session response")}; try another cipher_suite")
        : said.Contains("Unable to establish", StringComparison.Ordinal) ? new(
            PowerFailure.Silent, $"does not answer: is it on, at this address, with IPMI over LAN enabled, "
                + $"and {Number(Bmc.Port)}/udp not blocked?")
        : new(PowerFailure.Refused, $"says no to {string.Join(' ', what)}: {Last(said, "")}");

    /// <summary>The last line that says it.</summary>
    public static string Last(string said, string with) => Printable.OnOneLine(
        said.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .LastOrDefault(line => line.Contains(with, StringComparison.Ordinal), "no reason given"));

    private IReadOnlyList<string> Arguments(IReadOnlyList<string> what) =>
    [
        "-v", // otherwise a wrong password reads like a BMC that is not there
        "-I", "lanplus", "-H", Bmc.Address.ToString(), "-p", Number(Bmc.Port), "-U", Bmc.User, "-f", "/dev/stdin",
        .. Bmc.CipherSuite is { } suite ? ["-C", Number(suite)] : Array.Empty<string>(),
        "-N", "1", "-R", "3", // seconds for an answer, and tries
        .. what,
    ];

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
