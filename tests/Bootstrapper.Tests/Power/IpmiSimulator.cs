using System.Diagnostics;
using System.Globalization;
using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Power;

/// <summary>
/// A BMC that speaks IPMI: Debian's ipmi_sim, whose machine is a shell script that keeps in files what it was told.
/// </summary>
internal sealed class IpmiSimulator : IAsyncDisposable
{
    public const string Password = "pass-phrase-12";

    private readonly TemporaryDirectory _directory = new();
    private readonly int _port = FreePort.Next();
    private Process _process = null!;

    /// <summary>What it was told, such as <c>set power 1</c>.</summary>
    public IReadOnlyList<string> Told => File.ReadAllLines(FileOf("told"));

    public BmcSettings Settings => new()
    {
        Address = IPAddress.Loopback,
        Protocol = BmcProtocol.Ipmi,
        OwnPort = _port,
        User = "boot",
        PasswordFile = "bmc.password",
        CipherSuite = 3, // it does not say which it has, and ipmitool would ask for 6 s
    };

    public static async Task<IpmiSimulator> StartAsync()
    {
        var simulator = new IpmiSimulator();
        simulator.Start();
        await Eventually.True(
            () => File.ReadLines("/proc/net/udp").Any(line => line.Contains($":{simulator._port:X4} ", StringComparison.Ordinal)),
            otherwise: () => simulator._process.HasExited ? simulator._process.StandardOutput.ReadToEnd() : "");
        return simulator;
    }

    /// <summary>Whatever it is asked of the machine, it takes as long.</summary>
    public void Slow(int seconds) => File.WriteAllText(FileOf("slow"), seconds.ToString(CultureInfo.InvariantCulture));

    /// <summary>Takes orders, and does nothing.</summary>
    public void Jam() => File.WriteAllText(FileOf("jammed"), "");

    public async ValueTask DisposeAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        _process.Dispose();
        _directory.Dispose();
    }

    private string FileOf(string name) => Path.Combine(_directory.Path, name);

    private void Start()
    {
        foreach (var (file, content) in new[] { ("power", "0"), ("boot", "none"), ("told", ""), ("slow", "0") })
        {
            _directory.Write(file, content);
        }

        var chassis = _directory.Write("chassis", $$"""
            #!/bin/sh
            cd {{_directory.Path}} || exit 1
            shift
            [ "$1" = check ] || sleep "$(cat slow)"
            case $1 in
              get) for what in power boot; do
                     case " $* " in *" $what "*) echo "$what:$(cat $what)" ;; esac
                   done ;;
              set) echo "$*" >> told
                   shift
                   while [ $# -gt 1 ] && ! [ -e jammed ]; do
                     echo "$2" > "$1"
                     shift 2
                   done ;;
            esac
            """);
        File.SetUnixFileMode(chassis, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var lan = _directory.Write("lan.conf", $"""
            name "bmc"
            set_working_mc 0x20
              startlan 1
                addr 127.0.0.1 {_port}
                priv_limit admin
                allowed_auths_callback none md2 md5 straight
                allowed_auths_user none md2 md5 straight
                allowed_auths_operator none md2 md5 straight
                allowed_auths_admin none md2 md5 straight
                guid a123456789abcdefa123456789abcdef
              endlan
              chassis_control "{chassis} 0x20"
              user 1 true "" "" user 10 none md2 md5 straight
              user 2 true "boot" "{Password}" admin 10 none md2 md5 straight

            """);
        var machine = _directory.Write("machine.emu", """
            mc_setbmc 0x20
            mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02
            mc_enable 0x20

            """);
        _process = Process.Start(new ProcessStartInfo("ipmi_sim", ["-n", "-c", lan, "-f", machine, "-s", FileOf("state")])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }
}
