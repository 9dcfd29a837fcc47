using System.Text;
using BinAuthz.Admission;

namespace BinAuthz.Tests.Admission;

public sealed class WorkloadReaderTests
{
    private const string Spec = "{serviceAccountName: runner, initContainers: [{name: i, image: init}], containers: [{name: c, image: main}, {name: d, image: side}], ephemeralContainers: [{name: e, image: debug}]}";
    private const string Template = $"{{metadata: {{labels: {{app: web}}, annotations: {{note: x}}}}, spec: {Spec}}}";

    [Theory]
    [InlineData("v1", "Pod", $"spec: {Spec}")]
    [InlineData("v1", "PodTemplate", $"template: {Template}")]
    [InlineData("v1", "ReplicationController", $"spec: {{template: {Template}}}")]
    [InlineData("apps/v1", "Deployment", $"spec: {{template: {Template}}}")]
    [InlineData("apps/v1", "StatefulSet", $"spec: {{template: {Template}}}")]
    [InlineData("apps/v1", "DaemonSet", $"spec: {{template: {Template}}}")]
    [InlineData("apps/v1", "ReplicaSet", $"spec: {{template: {Template}}}")]
    [InlineData("extensions/v1beta1", "Deployment", $"spec: {{template: {Template}}}")]
    [InlineData("batch/v1", "Job", $"spec: {{template: {Template}}}")]
    [InlineData("batch/v1", "CronJob", $"spec: {{jobTemplate: {{spec: {{template: {Template}}}}}}}")]
    [InlineData("serving.knative.dev/v1", "Service", $"spec: {{template: {Template}}}")]
    [InlineData("argoproj.io/v1alpha1", "Rollout", $"spec: {{template: {Template}}}")]
    public void Read_KindWithPods_HasEveryContainer(string version, string kind, string body)
    {
        var reading = WorkloadReader.Read($"apiVersion: {version}\nkind: {kind}\nmetadata: {{name: web, namespace: payments}}\n{body}\n", "k.yaml");

        Assert.Empty(reading.Errors);
        var workload = Assert.Single(reading.Workloads);
        Assert.Equal((kind, "payments", "web", "runner", WorkloadPlatform.Kubernetes), (workload.Kind, workload.Namespace, workload.Name, workload.ServiceAccount, workload.Platform));
        Assert.Equal(
            [(ContainerKind.Init, "i", "init"), (ContainerKind.Container, "c", "main"), (ContainerKind.Container, "d", "side"), (ContainerKind.Ephemeral, "e", "debug")],
            workload.Containers.Select(container => (container.Kind, container.Name, container.Image)));
    }

    [Fact]
    public void Read_CloudRunServiceOfGcloud_IsCloudRun()
    {
        var workload = Assert.Single(WorkloadReader.Read(
            """
            apiVersion: serving.knative.dev/v1
            kind: Service
            metadata:
              name: web
              namespace: '210987654321'
              labels: {cloud.googleapis.com/location: us-central1}
              annotations: {run.googleapis.com/binary-authorization-breakglass: incident 7}
            spec:
              template:
                metadata: {annotations: {autoscaling.knative.dev/maxScale: '3'}}
                spec: {containers: [{image: us-docker.pkg.dev/p/r/web}]}
            """,
            "service.yaml").Workloads);

        Assert.Equal(WorkloadPlatform.CloudRun, workload.Platform);
        Assert.Equal("incident 7", workload.Annotations["run.googleapis.com/binary-authorization-breakglass"]);
        Assert.Equal("3", workload.Annotations["autoscaling.knative.dev/maxScale"]);
    }

    [Fact]
    public void Read_CloudRunJobOfGcloud_IsCloudRun()
    {
        var workload = Assert.Single(WorkloadReader.Read(
            "apiVersion: run.googleapis.com/v1\nkind: Job\nmetadata: {name: nightly}\nspec: {template: {spec: {template: {spec: {containers: [{image: us-docker.pkg.dev/p/r/job}]}}}}}", "job.yaml").Workloads);

        Assert.Equal((WorkloadPlatform.CloudRun, "us-docker.pkg.dev/p/r/job"), (workload.Platform, Assert.Single(workload.Containers).Image));
    }

    [Fact]
    public void Read_PodMarks_AreThoseOfTheTemplateAndOnlyTexts()
    {
        var workload = Assert.Single(WorkloadReader.Read(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: web
              labels: {image-policy.k8s.io/break-glass: "true"}
              ownerReferences: [{kind: App, name: shop, controller: true}]
            spec:
              template:
                metadata:
                  labels: {quoted: "true", plain: true, number: 7, text: seven}
                spec: {serviceAccount: old, containers: [{name: c, image: main}]}
            """,
            "d.yaml",
            "team").Workloads);

        Assert.Equal(["quoted", "text"], workload.Labels.Keys.Order());
        Assert.Equal(("team", "old", "App/shop"), (workload.Namespace, workload.ServiceAccount, workload.Owner));
        Assert.False(BreakGlass.IsAskedFor(workload));
    }

    [Fact]
    public void Read_ManyDocuments_KnowsWhereEachImageStands()
    {
        var reading = WorkloadReader.Read(
            """
            # first
            apiVersion: v1
            kind: ConfigMap
            data:
              text: |
                image: no
            ---
            apiVersion: v1
            kind: Pod
            metadata: {name: a}
            spec:
              containers:
              - name: c
                image: first
            ---

            ---   # empty
            --- {apiVersion: v1, kind: Pod, spec: {containers: [{image: second}]}}
            ...
            ---
            kind: List
            items:
            - apiVersion: v1
              kind: Pod
              spec:
                containers:
                - image: "third"
            - {apiVersion: v1, kind: Service}
            """.ReplaceLineEndings("\r\n"),
            "all.yaml");

        Assert.Empty(reading.Errors);
        Assert.Equal(2, reading.Skipped);
        Assert.Equal(
            [("first", "all.yaml:14:12"), ("second", "all.yaml:18:61"), ("third", "all.yaml:27:14")],
            reading.Workloads.Select(workload => (workload.Containers[0].Image, workload.Containers[0].At.ToString())));
    }

    [Fact]
    public void Read_Json_IsRead()
    {
        var reading = WorkloadReader.Read(
            """{"apiVersion":"v1","kind":"PodList","items":[{"metadata":{"name":"web\u0041"},"spec":{"containers":[{"name":"c","image":"main"}],"volumes":null}},{"kind":"Pod","spec":{"containers":[{"image":"side"}]}}]}""",
            "pods.json");

        Assert.Empty(reading.Errors);
        Assert.Equal([("Pod", "webA", "main"), ("Pod", "", "side")], reading.Workloads.Select(workload => (workload.Kind, workload.Name, workload.Containers[0].Image)));
    }

    [Fact]
    public void Read_AnchorsAndMergeKeys_AreResolved()
    {
        var reading = WorkloadReader.Read(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: &meta {name: web}
            spec:
              template:
                metadata: *meta
                spec:
                  initContainers:
                  - &base
                    name: base
                    image: &image main
                    tty: true
                  containers:
                  - {<<: *base, name: derived}
                  - {<<: [{image: side}, *base]}
                  - {image: *image}
            """,
            "d.yaml");

        Assert.Empty(reading.Errors);
        Assert.Equal([("base", "main"), ("derived", "main"), ("base", "side"), ("", "main")], Assert.Single(reading.Workloads).Containers.Select(container => (container.Name, container.Image)));
    }

    [Fact]
    public void Read_UnreadableDocument_IsAnErrorAndTheOthersAreRead()
    {
        var reading = WorkloadReader.Read(
            """
            apiVersion: v1
            kind: Pod
            spec: {{ .Values.spec }
            ---
            apiVersion: v1
            kind: Pod
            spec: {containers: [{image: main}]}
            """,
            "chart.yaml");

        Assert.Equal("main", Assert.Single(reading.Workloads).Containers[0].Image);
        var error = Assert.Single(reading.Errors);
        Assert.Equal("chart.yaml", error.At.File);
        Assert.InRange(error.At.Line, 3, 4);
        Assert.Contains("helm template", error.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kind: Pod\nspec: {containers: [{name: c}]}", 2, "Container 'c' of containers has no image.")]
    [InlineData("kind: Pod\nspec: {containers: [{name: c, image: ''}]}", 2, "Container 'c' of containers has no image.")]
    [InlineData("kind: Pod\nspec: {containers: main}", 2, "containers is no list.")]
    [InlineData("kind: Pod\nspec: {initContainers: [{image: i}]}", 2, "The pod spec has no containers.")]
    [InlineData("kind: Pod\nmetadata: {name: web}", 1, "Pod 'web' has no pod spec at spec.")]
    [InlineData("apiVersion: batch/v1\nkind: CronJob\nspec: {}", 1, "CronJob '' has no pod spec at spec.jobTemplate.spec.template.spec.")]
    [InlineData("- kind: Pod", 1, "It is no Kubernetes object.")]
    [InlineData("text", 1, "It is no Kubernetes object.")]
    [InlineData("kind: Pod\nkind: Service", 2, "The key 'kind' stands twice.")]
    [InlineData("kind: Pod\nspec: *gone", 2, "The alias '*gone' stands for nothing above it.")]
    [InlineData("kind: Pod\nspec: &a {self: *a}", 2, "The alias '*a' stands for nothing above it.")]
    public void Read_WhatCannotBeJudged_IsAnErrorWithItsPlace(string yaml, int line, string rule)
    {
        var reading = WorkloadReader.Read(yaml, "pod.yaml");

        Assert.Empty(reading.Workloads);
        var error = Assert.Single(reading.Errors);
        Assert.Equal(("pod.yaml", line, rule), (error.At.File, error.At.Line, error.Rule));
    }

    [Fact]
    public void Read_AnchorBomb_IsRefused()
    {
        var bomb = new StringBuilder("kind: List\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var level = 1; level < 12; level++)
        {
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{level}: &a{level} [{string.Join(", ", Enumerable.Repeat($"*a{level - 1}", 10))}]\n");
        }

        var error = Assert.Single(WorkloadReader.Read(bomb + "items: *a11\n", "bomb.yaml").Errors);

        Assert.Equal("Aliases stand for more than 100000 values.", error.Rule);
    }

    [Fact]
    public void Read_ManyAliasesOfOneSmallValue_AreFine()
    {
        var yaml = "kind: List\nitems:\n- &pod {apiVersion: v1, kind: Pod, spec: {containers: [{image: main}]}}\n" + string.Concat(Enumerable.Repeat("- *pod\n", 1000));

        Assert.Equal(1001, WorkloadReader.Read(yaml, "pods.yaml").Workloads.Count);
    }

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{a: ", "}")]
    public void Read_DeepNesting_IsRefused(string open, string close)
    {
        var reading = WorkloadReader.Read($"kind: Pod\nspec: {string.Concat(Enumerable.Repeat(open, 20_000))}1{string.Concat(Enumerable.Repeat(close, 20_000))}", "deep.yaml");

        Assert.Contains("nested deeper than 100", Assert.Single(reading.Errors).Rule, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("# nothing\n")]
    [InlineData("---\n---\n")]
    [InlineData("\uFEFF")]
    public void Read_Nothing_IsNothing(string text)
    {
        var reading = WorkloadReader.Read(text, "empty.yaml");

        Assert.Equal((0, 0, 0), (reading.Workloads.Count, reading.Skipped, reading.Errors.Count));
    }
}
