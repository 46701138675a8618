{{/* Labels of a part; those of its selector are the first three. */}}
{{- define "armoire.selector" -}}
app.kubernetes.io/name: armoire
app.kubernetes.io/instance: {{ .root.Release.Name }}
app.kubernetes.io/component: {{ .part }}
{{- end }}

{{- define "armoire.labels" -}}
{{ include "armoire.selector" . }}
app.kubernetes.io/version: {{ .root.Chart.AppVersion | quote }}
helm.sh/chart: {{ .root.Chart.Name }}-{{ .root.Chart.Version }}
{{- end }}

{{/* What every pod may not do, and where it may run. */}}
{{- define "armoire.pod" -}}
serviceAccountName: {{ .root.Release.Name }}
automountServiceAccountToken: false
enableServiceLinks: false
terminationGracePeriodSeconds: 60
securityContext:
  runAsNonRoot: true
  runAsUser: 10001
  runAsGroup: 0
  fsGroup: 10001
  fsGroupChangePolicy: OnRootMismatch
  seccompProfile:
    type: RuntimeDefault
topologySpreadConstraints:
  - maxSkew: 1
    topologyKey: kubernetes.io/hostname
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "armoire.selector" . | nindent 8 }}
{{- with .values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with .values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end }}

{{/* The container of a part, up to its args, env and volumes of its own. */}}
{{- define "armoire.container" -}}
image: "{{ .image.repository }}{{ if .image.digest }}@{{ .image.digest }}{{ else }}:{{ .image.tag }}{{ end }}"
imagePullPolicy: {{ .image.pullPolicy }}
securityContext:
  allowPrivilegeEscalation: false
  readOnlyRootFilesystem: true
  capabilities:
    drop: [ALL]
resources:
  {{- toYaml .resources | nindent 2 }}
volumeMounts:
  - name: home
    mountPath: /data
  - name: tmp
    mountPath: /tmp
  - name: secrets
    mountPath: /run/secrets/armoire
    readOnly: true
{{- end }}

{{/* Ports and probes of a part that takes calls. A new process is waited for, as long as it takes to build engines. */}}
{{- define "armoire.calls" -}}
ports:
  - name: grpc
    containerPort: 50051
  - name: http
    containerPort: 3000
startupProbe:
  httpGet:
    path: /livez
    port: http
  periodSeconds: 5
  failureThreshold: {{ .startTries }}
readinessProbe:
  grpc:
    port: 50051
  periodSeconds: 5
  timeoutSeconds: 3
livenessProbe:
  httpGet:
    path: /livez
    port: http
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
{{- end }}

{{- define "armoire.env" -}}
- name: ARMOIRE_LOG_FORMAT
  value: json
- name: ARMOIRE_LOG_LEVEL
  value: {{ .root.Values.logLevel | quote }}
- name: ARMOIRE_AUTH__INITIAL_KEYS_FILE
  value: /run/secrets/armoire/initial-keys
- name: ARMOIRE_HTTP__ALLOWED_HOSTS
  value: {{ compact (list "localhost" (printf "%s-%s" .root.Release.Name .part) .root.Values.allowedHosts (.root.Values.ingress.enabled | ternary .root.Values.ingress.host "")) | join "," | quote }}
{{- with .root.Values.tracesEndpoint }}
- name: ARMOIRE_TRACING__ENDPOINT
  value: {{ . | quote }}
{{- end }}
{{- range $name, $value := .values.env }}
- name: {{ $name }}
  value: {{ $value | quote }}
{{- end }}
{{- end }}

{{/* The stores, and the models, of the catalogue and its workers. */}}
{{- define "armoire.stores" -}}
- name: ARMOIRE_CATALOG__DATABASE_URL_FILE
  value: /run/secrets/armoire/database-url
- name: ARMOIRE_CATALOG__MILVUS_URI_FILE
  value: /run/secrets/armoire/milvus-uri
- name: ARMOIRE_CATALOG__BLOB_URL
  value: {{ .Values.stores.blobUrl | quote }}
- name: AWS_REGION
  value: {{ .Values.stores.region | quote }}
{{- if .Values.stores.s3Role }}
- name: ARMOIRE_CATALOG__S3_INSTANCE_ROLE
  value: "true"
{{- else }}
- name: ARMOIRE_CATALOG__S3_ACCESS_KEY_ID_FILE
  value: /run/secrets/armoire/s3-key-id
- name: ARMOIRE_CATALOG__S3_SECRET_ACCESS_KEY_FILE
  value: /run/secrets/armoire/s3-secret-key
{{- end }}
{{- with .Values.stores.s3Endpoint }}
- name: AWS_ENDPOINT
  value: {{ . | quote }}
- name: AWS_ALLOW_HTTP
  value: {{ hasPrefix "http://" . | quote }}
{{- end }}
{{- with .Values.stores.s3PublicEndpoint }}
- name: ARMOIRE_CATALOG__S3_PUBLIC_ENDPOINT
  value: {{ . | quote }}
{{- end }}
- name: ARMOIRE_URLS__SIGNING_KEYS_FILE
  value: /run/secrets/armoire/url-signing-keys
{{- with .Values.publicUrl }}
- name: ARMOIRE_URLS__PUBLIC_URL
  value: {{ . | quote }}
{{- end }}
- name: ARMOIRE_CATALOG__INFERENCE_ADDRESS
  value: "dns:///{{ .Release.Name }}-inference:50051"
- name: ARMOIRE_CATALOG__INFERENCE_KEY_FILE
  value: /run/secrets/armoire/inference-key
{{- end }}

{{- define "armoire.volumes" -}}
- name: tmp
  emptyDir:
    sizeLimit: 256Mi
- name: secrets
  secret:
    secretName: {{ .Values.secret }}
    defaultMode: 0440
{{- end }}
