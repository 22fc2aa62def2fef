using System.Diagnostics;
using System.Globalization;
using System.Net;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Power;

/// <summary>
/// A BMC that speaks IPMI: Debian's ipmi_sim, whose machine is a shell script that keeps in files what it was told.
/// </summary>
/// <param name="at">Where it answers.</param>
/// <param name="lab">What it switches; <c>null</c> for nothing.</param>
internal sealed class IpmiSimulator(IPEndPoint at, LabMachine? lab) : IAsyncDisposable
{
    public const string Password = "pass-phrase-12";

    /// <summary>
    /// Of the machine, as IPMI's Platform Management FRU Information Storage Definition has it: a header, and a product area with
    /// Contoso, Fabulous 3000, CT3000, A1, SN-0043.
    /// </summary>
    private const string Fru =
        "0x01 0x00 0x00 0x00 0x01 0x00 0x00 0xfe 0x01 0x06 0x00 0xc7 0x43 0x6f 0x6e 0x74 0x6f 0x73 0x6f 0xcd "
        + "0x46 0x61 0x62 0x75 0x6c 0x6f 0x75 0x73 0x20 0x33 0x30 0x30 0x30 0xc6 0x43 0x54 0x33 0x30 0x30 0x30 "
        + "0xc2 0x41 0x31 0xc7 0x53 0x4e 0x2d 0x30 0x30 0x34 0x33 0xc0 0xc0 0xc1 0x00 0x6b";

    private readonly TemporaryDirectory _directory = new();
    private Process _process = null!;

    /// <summary>What it was told, such as <c>set power 1</c>.</summary>
    public IReadOnlyList<string> Told => File.ReadAllLines(FileOf("told"));

    public BmcSettings Settings => new()
    {
        Address = at.Address,
        Protocol = BmcProtocol.Ipmi,
        OwnPort = at.Port,
        User = "boot",
        PasswordFile = "bmc.password",
        CipherSuite = 3, // it does not say which it has, and ipmitool would ask for 6 s
    };

    public int ProcessId => _process.Id;

    /// <summary>The machine's.</summary>
    public SerialLine Serial { get; } = new(lab?.Serial);

    public static Task<IpmiSimulator> StartAsync() => StartAsync(new(IPAddress.Loopback, FreePort.Next()), lab: null);

    public static async Task<IpmiSimulator> StartAsync(IPEndPoint at, LabMachine? lab)
    {
        var simulator = new IpmiSimulator(at, lab);
        simulator.Start();
        await Eventually.True(
            () => File.ReadLines("/proc/net/udp").Any(line => line.Contains($":{at.Port:X4} ", StringComparison.Ordinal)),
            otherwise: () => simulator._process.HasExited ? simulator._process.StandardOutput.ReadToEnd() : "");
        await Eventually.True(() => simulator.Serial.IsConnected);
        return simulator;
    }

    /// <summary>Whatever it is asked of the machine, it takes as long.</summary>
    public void Slow(int seconds) => File.WriteAllText(FileOf("slow"), seconds.ToString(CultureInfo.InvariantCulture));

    /// <summary>Takes orders, and does nothing.</summary>
    public void Jam() => File.WriteAllText(FileOf("jammed"), "");

    /// <summary>It answers nothing, until it is resumed.</summary>
    public Task PauseAsync() => RealProgram.RunAsync("kill", ["-STOP", $"{_process.Id}"]);

    public Task ResumeAsync() => RealProgram.RunAsync("kill", ["-CONT", $"{_process.Id}"]);

    /// <summary>It answers no more.</summary>
    public Task EndAsync()
    {
        _process.Kill(entireProcessTree: true);
        return _process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _process.Dispose();
        await Serial.DisposeAsync();
        _directory.Dispose();
    }

    /// <summary>One line of the script; what is to be booted once is booted once.</summary>
    private string SwitchInLab() => lab is null ? "" :
        $"""case "$1 $2 $(cat boot)" in 'power 0 '*) {lab.Switch} off {lab.Name} ;; """
        + $"""'power 1 pxe') {lab.Switch} on {lab.Name} network && echo default > boot ;; """
        + $"""'power 1 '*) {lab.Switch} on {lab.Name} ;; esac""";

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
                     {{SwitchInLab()}}
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
                addr {at.Address} {at.Port}
                priv_limit admin
                allowed_auths_callback none md2 md5 straight
                allowed_auths_user none md2 md5 straight
                allowed_auths_operator none md2 md5 straight
                allowed_auths_admin none md2 md5 straight
                guid a123456789abcdefa123456789abcdef
              endlan
              sol "tcp:127.0.0.1:{Serial.Port}" 115200
              chassis_control "{chassis} 0x20"
              user 1 true "" "" user 10 none md2 md5 straight
              user 2 true "boot" "{Password}" admin 10 none md2 md5 straight

            """);
        var machine = _directory.Write("machine.emu", $"""
            mc_setbmc 0x20
            mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02
            mc_add_fru_data 0x20 0 56 data {Fru}
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
