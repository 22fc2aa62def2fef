using Bootstrapper.Cluster;
using Bootstrapper.Doctor;
using Bootstrapper.InForce;
using Bootstrapper.Pki;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Pki;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Doctor;

/// <summary>What is wrong with a given root or key is said before anything starts with it.</summary>
public sealed class GivenRootsTests : PkiFixture
{
    private Patient Patient => new(Bsroot, new Snapshot(Cluster, Bsroot, TemplateSet.Of([])), [], Clock);

    [Fact]
    public void An_empty_data_root_and_roots_of_ours_are_good()
    {
        Assert.Equal(Gravity.Good, Assert.Single(GivenRoots.Check(Patient)).Gravity);
        Authorities.Open(Bsroot, Clock);
        ControlPlaneSecrets.Open(Bsroot);
        Assert.Equal(Gravity.Good, Assert.Single(GivenRoots.Check(Patient)).Gravity);
        Assert.Equal(Gravity.Good, Assert.Single(SecretFiles.Check(Patient)).Gravity);
    }

    [Fact]
    public void Each_root_that_is_refused_is_told_and_none_hides_another()
    {
        Make("ca", "extendedKeyUsage=serverAuth");
        Make("etcd-ca", "keyUsage=critical,cRLSign");
        Make("front-proxy-ca-next", "1.2.3.4=critical,DER:0500");
        File.WriteAllText(Bsroot.ServiceAccountKey, "none");
        var findings = GivenRoots.Check(Patient).ToList();

        Assert.All(findings, finding => Assert.Equal(Gravity.Error, finding.Gravity));
        Assert.Collection(
            findings.Select(finding => finding.Text),
            text => Assert.StartsWith($"{Bsroot.CaCertificate} may sign for other uses alone", text),
            text => Assert.StartsWith($"{Bsroot.EtcdRoot.Certificate} may not sign", text),
            text => Assert.StartsWith($"{Bsroot.FrontProxyRoot.Next} has an extension", text),
            text => Assert.StartsWith($"{Bsroot.ServiceAccountKey} cannot be read", text));
    }

    [Fact]
    public void A_root_that_is_not_to_sign_for_a_name_of_the_description_is_told()
    {
        Make("ca", "nameConstraints=critical,excluded;DNS:registry");
        Assert.Contains(
            "may not sign for registry",
            Assert.Single(GivenRoots.Check(Patient), finding => finding.Gravity == Gravity.Error).Text);
    }

    [Fact]
    public void What_only_strict_clients_refuse_is_a_warning()
    {
        Make("ca", "subjectKeyIdentifier=none", "keyUsage=critical,keyCertSign");
        var finding = Assert.Single(GivenRoots.Check(Patient));
        Assert.Equal(Gravity.Warning, finding.Gravity);
        Assert.Contains("ca.crt has no subjectKeyIdentifier: clients with OpenSSL's strict checks", finding.Text);
    }

    [Fact]
    public void A_secret_that_others_can_read_is_a_warning()
    {
        Make("ca", "keyUsage=critical,keyCertSign");
        File.WriteAllText(Bsroot.At("ca.passphrase"), "x");
        File.SetUnixFileMode(Bsroot.At("ca.passphrase"), Bsroot.PublicFile);
        var finding = Assert.Single(SecretFiles.Check(Patient));
        Assert.Equal((Gravity.Warning, $"chmod 600 {Bsroot.At("ca.passphrase")}"), (finding.Gravity, finding.Remedy));
    }

    [Fact]
    public void What_a_BMC_is_spoken_to_with_is_told_once_where_it_is_not_there_or_others_can_read_it()
    {
        Node[] nodes = [.. Enumerable.Range(1, 3).Select(number => Sample.Node(number) with
        {
            Bmc = new BmcSettings
            {
                Protocol = BmcProtocol.Redfish,
                PasswordFile = number < 3 ? "rack-a.password" : "rack-b.password",
                Ca = "bmc.crt",
            },
        })];
        File.WriteAllText(Bsroot.At("rack-b.password"), "SECRET");
        File.SetUnixFileMode(Bsroot.At("rack-b.password"), Bsroot.PublicFile);
        var patient = new Patient(Bsroot, new Snapshot(Sample.Cluster(nodes), Bsroot, TemplateSet.Of([])), [], Clock);
        Assert.Collection(
            SecretFiles.Check(patient).Select(finding => finding.Text),
            text => Assert.Equal($"{Bsroot.At("rack-a.password")} is not there", text),
            text => Assert.StartsWith($"{Bsroot.At("rack-b.password")} can be read by other users of this host", text),
            text => Assert.Equal($"{Bsroot.At("bmc.crt")} is not there", text));
    }

    /// <summary>A pair of files; of the next root, one file with both in it.</summary>
    private void Make(string name, params string[] extensions)
    {
        var directory = Directory.CreateDirectory(Bsroot.At($"made-{name}")).FullName;
        OpenSsl.MakeRoot(
            directory,
            ["ec", "-pkeyopt", "ec_paramgen_curve:P-256", .. extensions.SelectMany(extension => new[] { "-addext", extension })]);
        var (certificate, key) = (File.ReadAllText(Path.Combine(
            directory, "ca.crt")), File.ReadAllText(Path.Combine(directory, "ca.key")));
        if (name.EndsWith("-next", StringComparison.Ordinal))
        {
            Bsroot.Write(Bsroot.At($"{name}.pem"), key + certificate, Bsroot.SecretFile);
        }
        else
        {
            Bsroot.Write(Bsroot.At($"{name}.crt"), certificate);
            Bsroot.Write(Bsroot.At($"{name}.key"), key, Bsroot.SecretFile);
        }
    }
}
